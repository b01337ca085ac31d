import {
  bar,
  behindColour,
  closeBracket,
  colon,
  escape,
  greaterThan,
  isDigit,
  isLetter,
  isWordByte,
  kinds,
  lessThan,
  lineFeed,
  openBracket,
  space,
} from './head-bytes.ts';
import { judgeWord } from './head-word.ts';
import type { Head } from './head-word.ts';
import { levelOfPriority } from './level.ts';
import type { Level } from './level.ts';

/** A level has been seen this late, behind a time, a host, a program, a thread and a logger. */
const longestHead = 256;

/**
 * The level in the head of a line of text. It is, whichever stands first:
 *
 * - the priority of syslog at the very begin, `<34>` (RFC 5424, 6.2.1), or redis' sign behind its time (`* # . -`);
 * - a name in capitals as a word of its own: `ERROR`, `[WARN ]`, `|INFO|`, `- ERROR -`, `WARNING:root:`, `*ERROR*`;
 * - a name of any case alone in brackets or behind the module in them (`[error]`, `[core:error]`, `<info>`), or
 *   between two tabs;
 * - a name of any case with a colon, as the first word of the line, of what follows the time, or of what follows
 *   the program: `Error: ...`, `sshd[1]: fatal: ...`;
 * - `daemon.err` (a facility of syslog before it), `production.ERROR:`, `level=error`;
 * - the letter of klog and glog (`E1120 10:00:00`), or one behind a time or a number (logcat, MongoDB).
 *
 * The head ends where prose begins: with the second plain word before any level (the first may be a host or a logger),
 * with the first one behind `program[pid]:`, and after 256 bytes. So `user typed ERROR` has no level.
 */
export function readTextLevel(bytes: Buffer, start: number, end: number): Level | undefined {
  const last = Math.min(end, start + longestHead);
  const byPriority = bytes[start] === lessThan ? readPriority(bytes, start, last) : undefined;
  if (byPriority !== undefined) return byPriority;
  const byRedis = readRedisLevel(bytes, start, last);
  if (byRedis !== undefined) return byRedis;
  const head: Head = {
    plainWordsLeft: 1,
    isFirst: true,
    isBehindNumber: false,
    isBehindTag: false,
    isInBrackets: false,
    before: lineFeed,
  };
  let at = hasByteOrderMark(bytes, start, last) ? start + 3 : start;
  while (at < last) {
    const byte = bytes[at]!;
    let shared = kinds[byte]!;
    if (shared !== 0) {
      let wordEnd = at + 1;
      for (; wordEnd < last; wordEnd++) {
        const kind = kinds[bytes[wordEnd]!]!;
        if (kind === 0) break;
        shared &= kind;
      }
      if (isDigit(byte)) noteNumber(head);
      else {
        const level = judgeWord(bytes, at, wordEnd, last, shared, head);
        if (level !== undefined) return level === 'none' ? undefined : level;
      }
      head.before = bytes[wordEnd - 1]!;
      at = wordEnd;
    } else if (byte === escape) {
      at = behindColour(bytes, at, last);
    } else {
      if (byte !== space) noteMark(bytes, at, last, head);
      else if (isWordByte(head.before)) head.before = space;
      at++;
    }
  }
  return undefined;
}

/** A time, a number, an address. Behind a program, a time begins the program's own header. */
function noteNumber(head: Head): void {
  head.isBehindNumber = true;
  if (!head.isBehindTag) return;
  head.isBehindTag = false;
  head.plainWordsLeft = 1;
}

function noteMark(bytes: Buffer, at: number, last: number, head: Head): void {
  const byte = bytes[at]!;
  if (byte === openBracket) head.isInBrackets = true;
  else if (byte === closeBracket) head.isInBrackets = false;
  // The bar of docker compose stands between the name of the container and its line.
  else if (byte === bar) head.plainWordsLeft = 1;
  else if (byte === lineFeed) head.isFirst = true;
  else if (byte === colon && !head.isInBrackets && isTagEnd(bytes, at, last)) {
    head.isBehindTag = head.isFirst = true;
    head.plainWordsLeft = 0;
  }
  head.before = byte;
}

/** `program: ` and `program[1]: `, but not `10:00: `. */
function isTagEnd(bytes: Buffer, at: number, last: number): boolean {
  if (at === 0 || (at + 1 < last && bytes[at + 1] !== space)) return false;
  const before = bytes[at - 1]!;
  return before === closeBracket || before === 0x29 || isLetter(before);
}

/** The PRI of syslog, `<0>` to `<191>`. */
function readPriority(bytes: Buffer, start: number, last: number): Level | undefined {
  let at = start + 1;
  let value = 0;
  while (at < last && at < start + 4 && isDigit(bytes[at]!)) value = value * 10 + bytes[at++]! - 0x30;
  return at > start + 1 && at < last && bytes[at] === greaterThan && value <= 191 ? levelOfPriority(value) : undefined;
}

/** `123:M 20 Nov 2026 10:00:00.123 * Ready`: debug, verbose, notice and warning, as redis maps them for syslog. */
const redisLevels: Readonly<Record<string, Level>> = { '.': 'debug', '-': 'info', '*': 'notice', '#': 'warning' };

function readRedisLevel(bytes: Buffer, start: number, last: number): Level | undefined {
  let at = start;
  while (at < last && at < start + 8 && isDigit(bytes[at]!)) at++;
  // One of the roles X, C, S and M, which no time has behind its first digits.
  if (at === start || bytes[at] !== colon || !isLetter(bytes[at + 1] ?? 0) || bytes[at + 2] !== space) return undefined;
  const header = bytes.toString('latin1', start, Math.min(last, start + 64));
  const sign = /^\d+:[XCSM] \d\d? [A-Z][a-z]{2} (?:\d{4} )?\d\d:\d\d:\d\d[.\d]* ([.*#-]) /.exec(header)?.[1];
  return sign === undefined ? undefined : redisLevels[sign];
}

function hasByteOrderMark(bytes: Buffer, start: number, last: number): boolean {
  return start + 3 <= last && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
}
