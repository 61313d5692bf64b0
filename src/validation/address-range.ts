/** IPv4 addresses as numbers; both ends belong to it. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** `78.64.0.9` as a number; undefined where it is none. IPv4 in IPv6 (`::ffff:78.64.0.9`) is the same. */
export function addressNumber(text: string): number | undefined {
  const octets = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(text)?.slice(1).map(Number);
  if (octets === undefined || octets.some(octet => octet > 255)) return undefined;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

/**
 * What Matomo excludes by an entry: `1.2.3.4`, `1.2.3.0/24`, `1.2.3.*`, `1.2.*.*`
 * [Matomo\Network\IPUtils: sanitizeIpRange, getIPRangeBounds]. Undefined where it is of no IPv4 address: visitors have
 * no others.
 */
export function excludedRange(entry: string): AddressRange | undefined {
  const text = entry.trim();
  if (text.includes('*')) {
    // Stars at the end only, as many as there are octets missing.
    if (!/^(?:\d{1,3}\.){0,3}(?:\*\.){0,3}\*$/.test(text)) return undefined;
    const stars = text.split('*').length - 1;
    return block(text.replaceAll('*', '0'), 32 - 8 * stars);
  }
  const [address = '', bits = '32'] = text.split('/');
  return /^\d{1,2}$/.test(bits) ? block(address, Number(bits)) : undefined;
}

function block(address: string, bits: number): AddressRange | undefined {
  const number = addressNumber(address);
  if (number === undefined || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}

/** How much of a range others cover together, 0 to 1. */
export function coveredShare(range: AddressRange, others: readonly AddressRange[]): number {
  let covered = 0;
  let next = range.first;
  for (const { first, last } of others.toSorted((a, b) => a.first - b.first)) {
    const from = Math.max(first, next);
    const to = Math.min(last, range.last);
    if (to < from) continue;
    covered += to - from + 1;
    next = to + 1;
  }
  return covered / (range.last - range.first + 1);
}
