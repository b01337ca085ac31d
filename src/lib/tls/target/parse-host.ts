import { SocketAddress } from 'node:net';
import { addressFamily } from '../../net/address-family.ts';

/** A name or an address, in the one spelling by which it is compared. */
export interface Host {
  /** Name in ASCII, lower case, without the trailing dot; or address without brackets and zone. */
  name: string;
  family: 0 | 4 | 6;
  /** Which link a link-local address is on (RFC 4007), `eth0` or a number. */
  zone?: string;
}

/** The text is neither a name nor an address; `reason` goes on a sentence: `'a..b' is not a target: ...`. */
export interface HostMistake {
  reason: string;
  hint?: string;
}

/** Longest name, and longest part between two dots, in ASCII (RFC 1035 section 2.3.4). */
const longestName = 253;
const longestLabel = 63;

/** Reads a name, also an international one, an IPv4 address, or an IPv6 address without its brackets. */
export function parseHost(text: string): Host | HostMistake {
  if (text.includes(':')) return parseAddress6(text);
  if (addressFamily(text) === 4) return { name: text, family: 4 };
  return parseName(text);
}

function parseAddress6(text: string): Host | HostMistake {
  const percent = text.indexOf('%');
  const address = percent === -1 ? text : text.slice(0, percent);
  if (addressFamily(address) !== 6) {
    return { reason: 'it is not an IPv6 address', hint: 'write an IPv6 address with a port as [2001:db8::1]:443' };
  }
  const name = new SocketAddress({ address, family: 'ipv6' }).address;
  if (percent === -1) return { name, family: 6 };
  const zone = text.slice(percent + 1);
  // What is taken here is what node:net takes for part of an address; a colon is most likely meant for a port.
  if (!/^[0-9a-z.-]{1,64}$/i.test(zone)) {
    return { reason: 'what follows the % is not the name of a network interface', hint: 'write [fe80::1%eth0]:443' };
  }
  return { name, family: 6, zone };
}

function parseName(text: string): Host | HostMistake {
  if (text === '') return { reason: 'there is no host' };
  const ascii = /^[\w.-]+$/.test(text) ? text.toLowerCase() : international(text);
  if (typeof ascii !== 'string') return ascii;
  const name = ascii.endsWith('.') ? ascii.slice(0, -1) : ascii;
  if (name.length > longestName) return { reason: `a name has at most ${longestName} characters` };
  const labels = name.split('.');
  for (const label of labels) {
    if (label === '') return { reason: 'there is nothing between two dots of the name' };
    if (label.length > longestLabel) return { reason: `no part of a name is longer than ${longestLabel} characters` };
    if (label.startsWith('-')) return { reason: 'no part of a name begins with a dash' };
  }
  // Some resolvers take 1.2.3 and 0x7f.1 for addresses, others do not (WHATWG URL section 3.5).
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1)!)) {
    return {
      reason: 'it is neither a name nor a complete IPv4 address',
      hint: 'write all four numbers of an address, such as 192.0.2.1',
    };
  }
  return { name, family: 0 };
}

/** The ASCII form of a name with letters beyond it (UTS #46); the URL parser has it, without loading anything. */
function international(text: string): string | HostMistake {
  if (/\s/u.test(text)) return { reason: 'there is white space in the name' };
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return { reason: 'there is a control character in the name' };
  // The joiners have their place in names of some scripts; all others would be dropped without a word.
  if (/(?![\u200c\u200d])\p{Cf}/u.test(text)) return { reason: 'there is an invisible character in the name' };
  const foreign = /(?![\w.-])\p{ASCII}/u.exec(text)?.[0];
  if (foreign !== undefined) {
    const hint = foreign === '*' ? 'name one of the hosts that the star stands for' : undefined;
    return { reason: 'there is a character in it that no name has', ...(hint === undefined ? {} : { hint }) };
  }
  // Letters and what is combined with them: what is longer than this is no name in ASCII either.
  const isPossible = text.length <= 2 * longestName && URL.canParse(`http://${text}`);
  const name = isPossible ? new URL(`http://${text}`).hostname : '';
  if (!/^[\w.-]+$/.test(name) || addressFamily(name) !== 0) return { reason: 'it is not a valid international name' };
  return name;
}
