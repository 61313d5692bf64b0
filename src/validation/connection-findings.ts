import { type Finding, finding } from './finding.ts';
import type { FindingCode } from './finding-codes.ts';

/** Where a connection was to go. */
export interface ConnectionPlace {
  readonly url: URL;
  /** Within which there should have been an answer. */
  readonly timeoutSeconds: number;
  readonly connectTimeoutSeconds: number;
}

const codes: ReadonlyMap<string, FindingCode> = new Map<string, FindingCode>([
  ['ENOTFOUND', 'ADDRESS_NOT_FOUND'],
  ['EAI_AGAIN', 'ADDRESS_NOT_FOUND'],
  ['EAI_NODATA', 'ADDRESS_NOT_FOUND'],
  ['ECONNREFUSED', 'CONNECTION_REFUSED'],
  ['CONNECT_TIMEOUT', 'CONNECTION_TIMEOUT'],
  ['ETIMEDOUT', 'CONNECTION_TIMEOUT'],
  ['TIMEOUT', 'NO_ANSWER'],
  ['CERT_HAS_EXPIRED', 'CERTIFICATE_EXPIRED'],
  ['CERT_NOT_YET_VALID', 'CERTIFICATE_EXPIRED'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERTIFICATE_NOT_TRUSTED'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'CERTIFICATE_NOT_TRUSTED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERTIFICATE_NOT_TRUSTED'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'CERTIFICATE_NOT_TRUSTED'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERTIFICATE_NOT_TRUSTED'],
  ['CERT_UNTRUSTED', 'CERTIFICATE_NOT_TRUSTED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERTIFICATE_OTHER_NAME'],
  ['HOSTNAME_MISMATCH', 'CERTIFICATE_OTHER_NAME'],
  // What OpenSSL says of bytes that are no TLS.
  ['EPROTO', 'NO_TLS'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'NO_TLS'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'NO_TLS'],
  ['ERR_SSL_HTTP_REQUEST', 'NO_TLS'],
]);

/**
 * Why a target could not be asked.
 *
 * @param cause as `causeOf` tells it
 * @param detail the error's own words, or the names in a certificate
 */
export function connectionFinding(cause: string, detail: string, place: ConnectionPlace): Finding {
  const { url, timeoutSeconds, connectTimeoutSeconds } = place;
  const host = url.host;
  const code = codes.get(cause) ?? (cause.startsWith('ERR_SSL') ? 'TLS_FAILED' : 'CONNECTION_FAILED');
  switch (code) {
    case 'ADDRESS_NOT_FOUND':
      return finding(code, `there is no address for ${url.hostname} (${cause})`);
    case 'CONNECTION_REFUSED':
      return finding(code, `${host} refuses the connection: nothing listens there`);
    case 'CONNECTION_TIMEOUT':
      return finding(code, `${host} gave no connection within ${connectTimeoutSeconds} s`);
    case 'NO_ANSWER':
      return finding(code, `${host} gave no answer within ${timeoutSeconds} s`);
    case 'CERTIFICATE_EXPIRED':
      return finding(code, `the certificate of ${host} is not valid today (${cause})`);
    case 'CERTIFICATE_NOT_TRUSTED':
      return finding(code, `the certificate of ${host} is not trusted (${cause})`);
    case 'CERTIFICATE_OTHER_NAME':
      return finding(code, `the certificate of ${host} is for another name (${detail})`);
    case 'NO_TLS':
      return finding(code, `${host} does not speak TLS, and the URL begins with https (${cause})`);
    default:
      return finding(code, `the connection to ${host} failed (${cause}): ${detail}`);
  }
}
