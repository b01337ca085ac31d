import { complementOf, foldCase } from './byte-set.ts';
import type { ByteRange } from './byte-set.ts';
import { nodeOf, parseClass, sequencesOf } from './parse-class.ts';
import { parseEscape } from './parse-escape.ts';
import type { Member } from './parse-escape.ts';
import { parseGroupHead } from './parse-group-head.ts';
import type { Flags } from './parse-group-head.ts';
import { parseCount } from './parse-count.ts';
import { peek, refuse, take } from './pattern-reader.ts';
import type { PatternReader } from './pattern-reader.ts';
import { alternativesOf, sequenceOf } from './pattern.ts';
import type { Assertion, PatternNode } from './pattern.ts';

const maximumLength = 32_768;
/** Rust's own limit is 250 levels of syntax, of which one group takes up to four. */
const maximumDepth = 50;

interface Parser extends PatternReader {
  depth: number;
  flags: Flags;
}

/**
 * The tree of a pattern in the dialect that Rust's regex crate and JavaScript have in common, on bytes and in ASCII
 * semantics: `.` is any byte of a line, `\d \w \s \b` and the folding of case know ASCII only.
 *
 * - characters stand for their UTF-8 bytes; `\t \n \r \f \v \a \e`, `\x41` (a byte), `\u0041`, `\x{41}` (a character)
 * - `.`, `[a-z]`, `[^a-z]`, `[[:alpha:]]`, `\d \w \s \D \W \S`
 * - `^ $ \A \z`, `\b \B`, `\< \>`
 * - `( )`, `(?: )`, `(?<name> )`, `(?P<name> )`: nothing is captured
 * - `(?i)`, `(?-i)`, `(?i: )`; the flags `m` and `s` say nothing of a single line
 * - `|`, `*`, `+`, `?`, `{3}`, `{3,}`, `{3,5}`, each lazy with a `?` behind; a `{` that begins no count is itself
 *
 * Throws a UserError that names the column and the reason for everything else, such as references back and look-around.
 */
export function parsePattern(text: string, options: { ignoreCase?: boolean } = {}): PatternNode {
  const parser: Parser = {
    characters: Array.from(text.slice(0, maximumLength + 1).toWellFormed()),
    position: 0,
    depth: 0,
    flags: { ignoreCase: options.ignoreCase ?? false },
  };
  if (text.length > maximumLength) {
    refuse(
      parser,
      maximumLength,
      `it is longer than ${maximumLength} characters`,
      'search for several shorter patterns',
    );
  }
  const node = parseAlternatives(parser);
  if (peek(parser) !== undefined)
    refuse(parser, parser.position, 'it has a ) without its (', String.raw`write \) for it`);
  return node;
}

/** The tree of a text in which no character is special, as of grep -F. Throws a UserError if it has a line feed. */
export function parseFixedText(text: string, options: { ignoreCase?: boolean } = {}): PatternNode {
  const reader: PatternReader = { characters: [], position: 0 };
  return sequenceOf(
    [...Buffer.from(text)].map((byte) => nodeOf(reader, 0, setOf(byte, options.ignoreCase ?? false), [])),
  );
}

function setOf(byte: number, ignoreCase: boolean): readonly ByteRange[] {
  return ignoreCase ? foldCase([[byte, byte]]) : [[byte, byte]];
}

function parseAlternatives(parser: Parser): PatternNode {
  const parts = [parseSequence(parser)];
  while (take(parser, '|')) parts.push(parseSequence(parser));
  return alternativesOf(parts);
}

function parseSequence(parser: Parser): PatternNode {
  const parts: PatternNode[] = [];
  for (let next = peek(parser); next !== undefined && next !== '|' && next !== ')'; next = peek(parser)) {
    const start = parser.position;
    const atom = parseAtom(parser);
    if (atom === undefined) continue;
    const count = parseCount(parser);
    parts.push(count === undefined ? atom : { kind: 'repetition', part: atom, ...count });
    if (count !== undefined && parseCount(parser) !== undefined) {
      const hint = 'put what repeats in ( ) and the second count behind it';
      refuse(parser, start, 'it repeats a repetition (possessive counts such as a*+ are not known)', hint);
    }
  }
  return sequenceOf(parts);
}

/** Undefined for flags, which are no part of the text. */
function parseAtom(parser: Parser): PatternNode | undefined {
  const start = parser.position;
  if (parseCount(parser) !== undefined) {
    const character = parser.characters[start]!;
    refuse(parser, start, `${character} has nothing before it to repeat`, `write \\${character} for the character`);
  }
  const character = parser.characters[parser.position++]!;
  switch (character) {
    case '.':
      return { kind: 'bytes', set: complementOf([[0x0a, 0x0a]]) };
    case '^':
      return { kind: 'assertion', assertion: 'start' };
    case '$':
      return { kind: 'assertion', assertion: 'end' };
    case '(':
      return parseGroup(parser, start);
    case '[':
      if (peek(parser) === ':') {
        const end = parser.characters.indexOf(']', start);
        if (end !== -1 && parser.characters[end - 1] === ':' && end > start + 2) {
          refuse(parser, start, 'a class of POSIX stands within another pair of brackets', 'write [[:space:]]');
        }
      }
      return parseClass(parser, parser.flags.ignoreCase);
    case '\\':
      return parseBackslash(parser, start);
    default:
      return literal(parser, start, { kind: 'character', codePoint: character.codePointAt(0)! });
  }
}

const assertions: ReadonlyMap<string | undefined, Assertion> = new Map<string | undefined, Assertion>([
  ['b', 'edge'],
  ['B', 'no-edge'],
  ['<', 'word-start'],
  ['>', 'word-end'],
  ['A', 'start'],
  ['z', 'end'],
]);

function parseBackslash(parser: Parser, start: number): PatternNode {
  const assertion = assertions.get(peek(parser));
  if (assertion === undefined) return literal(parser, start, parseEscape(parser));
  parser.position++;
  return { kind: 'assertion', assertion };
}

function literal(parser: Parser, start: number, member: Member): PatternNode {
  const sequences = sequencesOf(member);
  const [only] = sequences;
  if (sequences.length === 1 && only!.length > 1) return nodeOf(parser, start, [], sequences);
  const set = sequences.map((sequence) => sequence[0]!);
  return nodeOf(parser, start, parser.flags.ignoreCase ? foldCase(set) : set, []);
}

function parseGroup(parser: Parser, start: number): PatternNode | undefined {
  const outer = parser.flags;
  const head = parseGroupHead(parser, start, outer);
  parser.flags = head.flags;
  if (head.kind === 'flags') return undefined;
  if (++parser.depth > maximumDepth) {
    refuse(parser, start, `it nests groups more than ${maximumDepth} deep`, 'write fewer groups');
  }
  const group = parseAlternatives(parser);
  if (!take(parser, ')')) refuse(parser, start, 'it has a ( without its )', String.raw`write \( for the parenthesis`);
  parser.depth--;
  parser.flags = outer;
  return group;
}
