import type { ByteRange, ByteSet } from './byte-set.ts';
import { byteSet, complementOf, foldCase, posixClasses, unionOf, withoutLineFeed } from './byte-set.ts';
import { parseEscape } from './parse-escape.ts';
import type { Member } from './parse-escape.ts';
import { peek, refuse, take } from './pattern-reader.ts';
import type { PatternReader } from './pattern-reader.ts';
import { alternativesOf, sequenceOf } from './pattern.ts';
import type { PatternNode } from './pattern.ts';
import { utf8Sequences } from './utf8-sequences.ts';

/** Reads `[...]`, whose bracket is behind the reader. */
export function parseClass(reader: PatternReader, ignoreCase: boolean): PatternNode {
  const start = reader.position - 1;
  const negated = take(reader, '^');
  let set: ByteSet = [];
  const sequences: ByteRange[][] = [];
  // A ] that comes first is a member, as in POSIX.
  for (let first = true; first || peek(reader) !== ']'; first = false) {
    for (const sequence of parseMembers(reader, start)) {
      if (sequence.length === 1) set = unionOf(set, [sequence[0]!]);
      else sequences.push(sequence);
    }
  }
  reader.position++;
  if (ignoreCase) set = foldCase(set);
  if (!negated) return nodeOf(reader, start, set, sequences);
  if (sequences.length > 0) {
    refuse(
      reader,
      start,
      'it excludes a character beyond ASCII, which is more than one byte',
      'exclude ASCII characters or single bytes such as \\xe9 only',
    );
  }
  return nodeOf(reader, start, complementOf(set), []);
}

/** The node of a set and of sequences of sets; refused when it matches nothing within a line. */
export function nodeOf(
  reader: PatternReader,
  start: number,
  set: ByteSet,
  sequences: readonly (readonly ByteRange[])[],
): PatternNode {
  const inLine = withoutLineFeed(set);
  const parts: PatternNode[] = sequences.map((sequence) =>
    sequenceOf(sequence.map((range): PatternNode => ({ kind: 'bytes', set: [range] }))),
  );
  if (inLine.length > 0) parts.unshift({ kind: 'bytes', set: inLine });
  if (parts.length > 0) return alternativesOf(parts);
  return set.length > 0
    ? refuse(reader, start, 'no line has a line feed in it', 'search for one line at a time')
    : refuse(reader, start, 'this class leaves no byte to match', 'take something out of it');
}

/** The sequences of byte ranges of one member or range. */
function parseMembers(reader: PatternReader, start: number): ByteRange[][] {
  const from = reader.position;
  const first = parseMember(reader, start);
  const isRange = peek(reader) === '-' && peek(reader, 1) !== ']' && peek(reader, 1) !== undefined;
  if (!isRange) return sequencesOf(first);
  reader.position++;
  const last = parseMember(reader, start);
  const hint = 'write the lower end first, or put the - at the end of the class for the character';
  if (first.kind === 'set' || last.kind === 'set') refuse(reader, from, 'a range ends in a class', hint);
  const low = first.kind === 'byte' ? first.byte : first.codePoint;
  const high = last.kind === 'byte' ? last.byte : last.codePoint;
  if (low > high) refuse(reader, from, 'the ends of a range are in the wrong order', hint);
  const isByte = [first, last].some((end) => end.kind === 'byte' && end.byte > 0x7f);
  if (!isByte) return utf8Sequences(low, high);
  if (high > 0xff || [first, last].some((end) => end.kind === 'character' && end.codePoint > 0x7f)) {
    refuse(
      reader,
      from,
      'a range has a byte at one end and a character at the other',
      'write both as \\x.. or as \\u....',
    );
  }
  return [[[low, high]]];
}

function parseMember(reader: PatternReader, start: number): Member {
  const position = reader.position;
  const character = peek(reader);
  if (character === undefined) refuse(reader, start, 'it has a [ without its ]', String.raw`write \[ for the bracket`);
  reader.position++;
  if (character === '\\') {
    if (take(reader, 'b')) return { kind: 'byte', byte: 0x08 };
    return parseEscape(reader);
  }
  const marker = peek(reader);
  if (character === '[' && (marker === ':' || marker === '.' || marker === '='))
    return parsePosixClass(reader, position);
  return { kind: 'character', codePoint: character.codePointAt(0)! };
}

function parsePosixClass(reader: PatternReader, position: number): Member {
  const end = reader.characters.indexOf(']', position + 2);
  const text = reader.characters.slice(position, end === -1 ? undefined : end + 1).join('');
  const [, negation, name] = /^\[:(\^?)([a-z]{1,8}):\]$/.exec(text) ?? [];
  const set = name === undefined ? undefined : posixClasses.get(name);
  if (set === undefined) {
    const known = [...posixClasses.keys()].map((key) => `[:${key}:]`).join(' ');
    refuse(reader, position, 'it names a class that is not known', `known are ${known}; write \\[ for the bracket`);
  }
  reader.position = end + 1;
  return { kind: 'set', set: negation === '^' ? complementOf(set) : set };
}

/** What a character, byte or set is in bytes. */
export function sequencesOf(member: Member): ByteRange[][] {
  switch (member.kind) {
    case 'set':
      return member.set.map((range) => [range]);
    case 'byte':
      return byteSet([member.byte, member.byte]).map((range) => [range]);
    case 'character':
      return utf8Sequences(member.codePoint, member.codePoint);
  }
}
