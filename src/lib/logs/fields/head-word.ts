import {
  behindColour,
  closeBracket,
  colon,
  equals,
  escape,
  greaterThan,
  isCapital,
  isDigit,
  isLetter,
  isWordByte,
  capital,
  letter,
  lessThan,
  lineFeed,
  openBracket,
  space,
  tab,
} from './head-bytes.ts';
import { levelNameOf, levelNames, levelOfBytes } from './level.ts';
import type { Level } from './level.ts';

/** How far the search for a level has come in the head of a line. */
export interface Head {
  /** How many more plain words may stand before the level. */
  plainWordsLeft: number;
  /** The next word is the first of the line, behind the time, or behind the program. */
  isFirst: boolean;
  /** The word before begins with a digit. */
  isBehindNumber: boolean;
  isBehindTag: boolean;
  isInBrackets: boolean;
  /** The byte before the word, blanks left aside; a line begins like one behind a line feed. */
  before: number;
}

/** Names that are words of every day too: in capitals and with a colon behind them they are levels. */
const everydayNames: ReadonlySet<string> = new Set(['log', 'fine', 'config', 'note', 'fail', 'silly']);

/** In small letters and with a colon, these are names of programs. */
const programNames: ReadonlySet<string> = new Set(['log', 'fine', 'config']);

const levelFields: ReadonlySet<string> = new Set(['level', 'lvl', 'severity', 'loglevel', 'log_level']);

const facilities: ReadonlySet<string> = new Set(
  (
    'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp console ' +
    'local0 local1 local2 local3 local4 local5 local6 local7'
  ).split(' '),
);

/** As numbers, because a text would have to be made of every third word. */
const calendarNames: ReadonlySet<number> = new Set(
  'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun'
    .split(' ')
    .map((name) => packed(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2))),
);

function packed(first: number, second: number, third: number): number {
  return (first << 16) | (second << 8) | third;
}

const letters: Readonly<Record<string, Level>> = {
  V: 'trace',
  D: 'debug',
  I: 'info',
  W: 'warning',
  E: 'error',
  F: 'critical',
};

/**
 * The level that the word from `start` to `end` says, 'none' when the head ends with it, undefined to go on. `shared` are
 * the bits of `kinds` that all its bytes have.
 */
export function judgeWord(
  bytes: Buffer,
  start: number,
  end: number,
  last: number,
  shared: number,
  head: Head,
): Level | 'none' | undefined {
  const after = byteBehind(bytes, end, last);
  if ((shared & letter) === 0) return judgeName(bytes, start, end, last, after, head);
  const { isFirst, isBehindNumber } = head;
  head.isBehindNumber = false;
  const length = end - start;
  if (length === 1 && isBehindNumber && isLetterLevel(bytes, start, last, after)) {
    return letters[String.fromCharCode(bytes[start]!)];
  }
  const name = levelNameOf(bytes, start, end);
  if (name !== undefined && isLevelHere(name, (shared & capital) !== 0, after, isFirst, head))
    return levelNames.get(name);
  if (after === equals && length <= 9 && levelFields.has(bytes.toString('latin1', start, end))) {
    return assignedLevel(bytes, end + 1, last) ?? 'none';
  }
  // Months, days, zones, AM, the stream of a container: parts of a header.
  if (head.isInBrackets || (length <= 5 && (shared & capital) !== 0)) return undefined;
  if (length === 3 && calendarNames.has(packed(bytes[start]!, bytes[start + 1]!, bytes[start + 2]!))) return undefined;
  head.isFirst = false;
  // `program:` and `program[pid]:`.
  return after === colon || after === openBracket ? undefined : plainWord(head);
}

function plainWord(head: Head): 'none' | undefined {
  head.plainWordsLeft--;
  return head.plainWordsLeft < 0 ? 'none' : undefined;
}

function isLevelHere(
  name: string,
  isCapitals: boolean,
  after: number,
  isFirst: boolean,
  { before, isInBrackets }: Head,
): boolean {
  if (after === closeBracket && isInBrackets && (before === openBracket || before === colon)) return true;
  if ((before === lessThan && after === greaterThan) || (before === tab && after === tab)) return true;
  // Not `status=ERROR`, but `=ERROR REPORT====` of Erlang.
  const isAssigned = after === equals || (before === equals && !isFirst);
  if (isCapitals) return !isAssigned && (after === colon || !everydayNames.has(name));
  return isFirst && after === colon && !programNames.has(name);
}

/** A letter for a level stands before a name (MongoDB, logcat), or 'I' would be a pronoun. */
function isLetterLevel(bytes: Buffer, start: number, last: number, after: number): boolean {
  if (after !== space || !'VDIWEF'.includes(String.fromCharCode(bytes[start]!))) return false;
  let next = start + 1;
  while (next < last && bytes[next] === space) next++;
  return bytes[start] !== 0x49 || isCapital(bytes[next] ?? 0) || bytes[next] === 0x2d;
}

/** What is more than letters, and no number: a path, a dotted logger, a host. */
function judgeName(
  bytes: Buffer,
  start: number,
  end: number,
  last: number,
  after: number,
  head: Head,
): Level | 'none' | undefined {
  head.isBehindNumber = false;
  const level = dottedLevel(bytes, start, end, after) ?? numberedLevel(bytes, start, end, last, after, head);
  if (level !== undefined || head.isInBrackets || !isWord(bytes, start, end)) return level;
  head.isFirst = false;
  return head.isBehindTag && after !== colon ? plainWord(head) : undefined;
}

/** `daemon.err` (a facility of syslog before the dot), and `production.ERROR:` as Laravel writes it. */
function dottedLevel(bytes: Buffer, start: number, end: number, after: number): Level | undefined {
  let dot = end - 1;
  while (dot > start && end - dot <= 14 && bytes[dot] !== 0x2e) dot--;
  if (dot <= start || bytes[dot] !== 0x2e) return undefined;
  const level = levelOfBytes(bytes, dot + 1, end);
  if (level === undefined || (after === colon && isInCapitals(bytes, dot + 1, end))) return level;
  return dot - start <= 8 && facilities.has(bytes.toString('latin1', start, dot)) ? level : undefined;
}

/** `E1120 10:00:00` of klog (glog has the year too), `DEBUG1:` of PostgreSQL. */
function numberedLevel(
  bytes: Buffer,
  start: number,
  end: number,
  last: number,
  after: number,
  head: Head,
): Level | undefined {
  const length = end - start;
  if (length === 6 && bytes[start] === 0x44 && after === colon) {
    return levelOfBytes(bytes, start, end);
  }
  if ((length !== 5 && length !== 9) || after !== space || head.isInBrackets) return undefined;
  for (let at = start + 1; at < end; at++) if (!isDigit(bytes[at]!)) return undefined;
  const isTime = end + 3 < last && isDigit(bytes[end + 1]!) && isDigit(bytes[end + 2]!) && bytes[end + 3] === colon;
  return isTime ? letters[String.fromCharCode(bytes[start]!)] : undefined;
}

function assignedLevel(bytes: Buffer, start: number, last: number): Level | undefined {
  const from = bytes[start] === 0x22 ? start + 1 : start;
  let to = from;
  while (to < last && to < from + 16 && isWordByte(bytes[to]!)) to++;
  return levelOfBytes(bytes, from, to);
}

/** What stands behind a word, without colours, and without the padding before a bracket: `[WARN ]`. */
function byteBehind(bytes: Buffer, end: number, last: number): number {
  let at = end;
  while (at < last && bytes[at] === escape) at = behindColour(bytes, at, last);
  if (at >= last) return lineFeed;
  if (bytes[at] !== space) return bytes[at]!;
  while (at < last && bytes[at] === space) at++;
  return at < last && (bytes[at] === closeBracket || bytes[at] === greaterThan || bytes[at] === colon)
    ? bytes[at]!
    : space;
}

function isInCapitals(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isCapital(bytes[at]!)) return false;
  return true;
}

/** No `-`, `---` or `...`, which only part the words. */
function isWord(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++)
    if (isLetter(bytes[at]!) || isDigit(bytes[at]!) || bytes[at]! >= 0x80) return true;
  return false;
}
