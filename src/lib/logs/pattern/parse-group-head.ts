import { peek, refuse, take, takeWhile } from './pattern-reader.ts';
import type { PatternReader } from './pattern-reader.ts';

/** What holds from a place of the pattern to the end of its group. */
export interface Flags {
  readonly ignoreCase: boolean;
}

/** Reads what follows a `(`: nothing, `?:`, a name, or flags, which for themselves (`(?i)`) open no group. */
export function parseGroupHead(
  reader: PatternReader,
  start: number,
  flags: Flags,
): { kind: 'group' | 'flags'; flags: Flags } {
  if (peek(reader) === '*') {
    refuse(reader, start, 'verbs such as (*SKIP) are not known', String.raw`write \* for the character`);
  }
  if (!take(reader, '?')) return { kind: 'group', flags };
  const next = peek(reader);
  const isLookBehind = next === '<' && (peek(reader, 1) === '=' || peek(reader, 1) === '!');
  if (next === '=' || next === '!' || isLookBehind) {
    refuse(
      reader,
      start,
      'look-around is not known, for no linear-time search can do it',
      'search for the whole text, or search twice, the second time with -v',
    );
  }
  if (next === '>') refuse(reader, start, 'atomic groups are not known', 'write (?: for a group');
  if (next === '<' || next === "'" || (next === 'P' && peek(reader, 1) === '<')) return parseName(reader, start, flags);
  return parseFlags(reader, start, flags);
}

function parseName(reader: PatternReader, start: number, flags: Flags): { kind: 'group'; flags: Flags } {
  take(reader, 'P');
  const opened = take(reader, '<');
  const name = takeWhile(reader, /\w/, 64);
  if (!opened || !/^[A-Za-z_]/.test(name) || !take(reader, '>')) {
    refuse(reader, start, 'it has a group with no proper name', 'write (?<name>...) or, without a name, (?:...)');
  }
  return { kind: 'group', flags };
}

function parseFlags(reader: PatternReader, start: number, flags: Flags): { kind: 'group' | 'flags'; flags: Flags } {
  const on = takeWhile(reader, /[ims]/, 3);
  const off = take(reader, '-') ? takeWhile(reader, /[ims]/, 3) : undefined;
  const end = peek(reader);
  if ((end !== ':' && end !== ')') || off === '' || (end === ')' && on === '' && off === undefined)) {
    const found = reader.characters.slice(start, reader.position + 1).join('');
    refuse(
      reader,
      start,
      `a group that begins with ${found} is not known`,
      'known are (?:...), (?i), (?-i) and (?i:...)',
    );
  }
  reader.position++;
  const ignoreCase = (flags.ignoreCase || on.includes('i')) && !(off ?? '').includes('i');
  return { kind: end === ':' ? 'group' : 'flags', flags: { ignoreCase } };
}
