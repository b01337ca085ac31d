import { isIPv6 } from 'node:net';

/** What addresses are sorted by: the number of an IPv4 one; 32 hexadecimal digits of an IPv6 one, which come behind. */
export type AddressKey = number | string;

/** Undefined for what is no address: an answer from outside must not become a line of somebody's file unseen. */
export function addressKey(text: string): AddressKey | undefined {
  return text.includes(':') ? ipv6Key(text) : ipv4Key(text);
}

export function compareKeys(a: AddressKey, b: AddressKey): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Read by hand, because there are tens of thousands of them: no array and no text is made. */
function ipv4Key(text: string): number | undefined {
  const { length } = text;
  if (length < 7 || length > 15) return undefined;
  let key = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit === -2) {
      if (digits === 0) return undefined;
      key = key * 256 + part;
      part = 0;
      digits = 0;
      dots++;
      continue;
    }
    // A leading zero is octal to some programs and decimal to others.
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return undefined;
    part = part * 10 + digit;
    digits++;
    if (part > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? key * 256 + part : undefined;
}

function ipv6Key(text: string): string | undefined {
  // No zone, for it means something on one machine only; no dotted end, which EC2 does not write.
  if (text.includes('%') || text.includes('.') || !isIPv6(text)) return undefined;
  const [before = '', after] = text.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const middle = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...middle, ...tail].map((part) => part.padStart(4, '0').toLowerCase()).join('');
}

/** The address of a number: `10.0.0.1`. */
export function ipv4Text(key: number): string {
  return `${key >>> 24}.${(key >>> 16) & 255}.${(key >>> 8) & 255}.${key & 255}`;
}
