import { isIP } from 'node:net';

/** An address as its 4 or 16 bytes. */
export type Address = Uint8Array;

const unknown: Address = new Uint8Array(4);

/** The bytes of an address; one that cannot be read counts as 0.0.0.0. An IPv4 address in IPv6 clothes is IPv4. */
export function parseAddress(text: string): Address {
  const plain = text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text;
  const family = isIP(plain);
  if (family === 4) return Uint8Array.from(plain.split('.'), Number);
  return family === 6 ? parseV6(plain) : unknown;
}

/** The text of an address, IPv6 without its short forms. */
export function addressText(address: Address): string {
  if (address.length === 4) return address.join('.');
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2)
    groups.push((((address[at] ?? 0) << 8) | (address[at + 1] ?? 0)).toString(16));
  return groups.join(':');
}

/** What the log keeps of an address: the last two of four bytes are masked, of IPv6 all but 48 bits. */
export function maskedAddress(address: Address): string {
  return addressText(address.map((byte, at) => (at < (address.length === 4 ? 2 : 6) ? byte : 0)));
}

/** A block of addresses; `within` is true for an address of the block. */
export interface AddressRange {
  within(address: Address): boolean;
}

/** Reads `10.0.0.0/8`, `10.0.*.*` or one address. */
export function parseRange(text: string): AddressRange {
  const stars = text.split('.').filter(part => part === '*').length;
  const [base = '', bits] = stars > 0 ? [text.replaceAll('*', '0'), String(32 - 8 * stars)] : text.split('/');
  const network = parseAddress(base);
  const length = bits === undefined ? network.length * 8 : Number(bits);
  return {
    within(address) {
      if (address.length !== network.length) return false;
      for (let at = 0, left = length; left > 0; at++, left -= 8) {
        const mask = left >= 8 ? 0xff : (0xff << (8 - left)) & 0xff;
        if (((address[at] ?? 0) & mask) !== ((network[at] ?? 0) & mask)) return false;
      }
      return true;
    },
  };
}

function parseV6(text: string): Address {
  const bytes = new Uint8Array(16);
  const [plain = ''] = text.split('%');
  const lastColon = plain.lastIndexOf(':');
  const v4 = plain.includes('.')
    ? plain
        .slice(lastColon + 1)
        .split('.')
        .map(Number)
    : [];
  const groupsText =
    v4.length === 4 ? `${plain.slice(0, lastColon + 1)}${hexOf(v4[0], v4[1])}:${hexOf(v4[2], v4[3])}` : plain;
  const [head = '', tail] = groupsText.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
  groups.forEach((group, at) => {
    const value = Number.parseInt(group, 16);
    bytes[at * 2] = value >> 8;
    bytes[at * 2 + 1] = value & 0xff;
  });
  return bytes;
}

function hexOf(high = 0, low = 0): string {
  return ((high << 8) | low).toString(16);
}
