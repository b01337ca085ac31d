import { isUtf8 } from 'node:buffer';
import type { Element } from './der.ts';

/**
 * Text of a string in a distinguished name (RFC 5280, 4.1.2.4; X.680, 41). Undefined when the type is none of text or
 * the bytes are not what the type says: whoever wants to tell two names apart then has to take the bytes.
 */
export function directoryString(der: Buffer, { tag, content, end }: Element): string | undefined {
  switch (tag) {
    case 0x0c:
      return utf8String(der, content, end);
    // Numeric, printable, teletex, IA5 and visible. Bytes above 127 are wrong in most of them, and nobody ever wrote
    // what T.61 says: all that is in use is Latin-1, as OpenSSL reads it.
    case 0x12:
    case 0x13:
    case 0x14:
    case 0x16:
    case 0x1a:
      return der.toString('latin1', content, end);
    case 0x1c:
      return universalString(der, content, end);
    case 0x1e:
      return basicMultilingualString(der, content, end);
    default:
      return undefined;
  }
}

function utf8String(der: Buffer, content: number, end: number): string | undefined {
  let position = content;
  while (position < end && der[position]! < 0x80) position++;
  if (position === end) return der.toString('latin1', content, end);
  return isUtf8(der.subarray(content, end)) ? der.toString('utf8', content, end) : undefined;
}

/** UCS-2 by the standard; surrogate pairs are in use all the same and mean but one thing. */
function basicMultilingualString(der: Buffer, content: number, end: number): string | undefined {
  if ((end - content) % 2 !== 0) return undefined;
  // A copy, for the bytes are swapped in place.
  const text = Buffer.from(der.subarray(content, end)).swap16().toString('utf16le');
  return text.isWellFormed() ? text : undefined;
}

function universalString(der: Buffer, content: number, end: number): string | undefined {
  if ((end - content) % 4 !== 0) return undefined;
  const characters: string[] = [];
  for (let position = content; position < end; position += 4) {
    const codePoint = der.readUInt32BE(position);
    if (codePoint > 0x10_ff_ff || (codePoint >= 0xd8_00 && codePoint <= 0xdf_ff)) return undefined;
    characters.push(String.fromCodePoint(codePoint));
  }
  return characters.join('');
}
