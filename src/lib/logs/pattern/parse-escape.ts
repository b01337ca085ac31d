import type { ByteSet } from './byte-set.ts';
import { complementOf, digits, spaces, wordBytes } from './byte-set.ts';
import { peek, refuse, takeWhile } from './pattern-reader.ts';
import type { PatternReader } from './pattern-reader.ts';

/** One character or one set of bytes, as it stands for itself or in a class. */
export type Member =
  | { readonly kind: 'character'; readonly codePoint: number }
  /** \xHH: this very byte, also above 0x7f, where it is no character. */
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'set'; readonly set: ByteSet };

const sets: ReadonlyMap<string, ByteSet> = new Map([
  ['d', digits],
  ['D', complementOf(digits)],
  ['w', wordBytes],
  ['W', complementOf(wordBytes)],
  ['s', spaces],
  ['S', complementOf(spaces)],
]);

const controls: ReadonlyMap<string, number> = new Map([
  ['t', 0x09],
  ['n', 0x0a],
  ['v', 0x0b],
  ['f', 0x0c],
  ['r', 0x0d],
  ['a', 0x07],
  ['e', 0x1b],
]);

/** Reads what follows a backslash, which is behind the reader; `\b` and its kin are not read here. */
export function parseEscape(reader: PatternReader): Member {
  const start = reader.position - 1;
  const character = peek(reader);
  if (character === undefined) {
    refuse(reader, start, 'it ends in a lone backslash', String.raw`write \\ for a backslash`);
  }
  reader.position++;
  const set = sets.get(character);
  if (set !== undefined) return { kind: 'set', set };
  const control = controls.get(character);
  if (control !== undefined) return { kind: 'byte', byte: control };
  if (character === 'x' || character === 'u') return parseHexadecimal(reader, start, character);
  if (/[A-Za-z0-9]/.test(character)) refuse(reader, start, ...reasonAgainst(character));
  return { kind: 'character', codePoint: character.codePointAt(0)! };
}

function parseHexadecimal(reader: PatternReader, start: number, letter: 'x' | 'u'): Member {
  const hint = String.raw`write \x41 for a byte, \u00e9 or \x{1f600} for a character`;
  const braced = peek(reader) === '{';
  const length = letter === 'x' ? 2 : 4;
  if (braced) reader.position++;
  const text = takeWhile(reader, /[0-9A-Fa-f]/, braced ? 6 : length);
  const codePoint = Number.parseInt(text, 16);
  const complete = braced ? text !== '' && peek(reader) === '}' : text.length === length;
  if (!complete) refuse(reader, start, `\\${letter} has not the right number of hexadecimal digits`, hint);
  if (braced) reader.position++;
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
    refuse(reader, start, `U+${text.toUpperCase()} is no character`, hint);
  }
  return letter === 'x' && !braced ? { kind: 'byte', byte: codePoint } : { kind: 'character', codePoint };
}

function reasonAgainst(character: string): [reason: string, hint: string] {
  if (/[1-9]/.test(character)) {
    return [`\\${character} refers back to a group, which no linear-time search can do`, 'write out what may repeat'];
  }
  if (character === 'k') {
    return [String.raw`\k refers back to a group, which no linear-time search can do`, 'write out what may repeat'];
  }
  if (/[pPX]/.test(character)) {
    return [
      `\\${character} asks for Unicode's properties, and patterns see bytes`,
      'write a class such as [[:alpha:]] or [à-ÿ]',
    ];
  }
  if (character === 'Q' || character === 'E') {
    return [`\\${character} is not known`, 'use -F for a text without special characters'];
  }
  return [`\\${character} is not known`, `write ${character} for the letter, or \\x41 for a byte by its number`];
}
