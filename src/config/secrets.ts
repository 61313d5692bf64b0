import { mask } from '../base/mask-secrets.ts';

/** Whether a header of this name carries what lets its sender in. */
export function isCredential(headerName: string): boolean {
  return /auth|token|cookie|key|secret|session|password|signature/i.test(headerName);
}

/** Matomo's tokens are 32 hexadecimal digits; one pasted into the wrong place is still a token. */
const tokenLike = /[0-9a-f]{32}/gi;

/** A text without what looks like a token. */
export function withoutTokens(text: string): string {
  return text.replaceAll(tokenLike, mask);
}

/** A sentence without the known secrets. Short ones may stand in its own words. */
export function withoutLongSecrets(text: string, secrets: Iterable<string>): string {
  let shown = text;
  for (const secret of secrets) if (secret.length >= 12) shown = shown.replaceAll(secret, mask);
  return shown;
}

/** `5m@100/min,10m@5/s`, also with a mistake in it: times stand before each @, not names. */
const stagesLike = /^(?:\s*\d[\w.\s]{0,11}@[^@,:]*(?:,|$))+$/;

/**
 * A value a person typed, fit to be shown: without the known secrets, without what stands before an @ (user
 * name and password of a URL), without a query.
 */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  let shown = text;
  for (const secret of secrets) {
    // A secret of three letters is in every second word: only a text that is it, is it.
    if (secret.length >= 4 || text === secret) shown = shown.replaceAll(secret, mask(secret));
  }
  return withoutTokens(
    shown
      .replace(/^.*@/s, before => (stagesLike.test(shown) ? before : '…@'))
      .replace(/\?.*$/s, '?…')
      .replace(/token_auth.*$/is, 'token_auth…'),
  );
}
