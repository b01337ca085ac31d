import { UserError } from '../../errors/user-error.ts';
import { parseDuration } from '../../quantity/duration.ts';
import { parseSize } from '../../quantity/size.ts';
import { quoted } from '../../text/quoted.ts';
import { levelNames } from './level.ts';
import type { ComparisonOperator, Literal } from './where.ts';
import { skipBlanks, take, takeString, unexpected } from './where-scanner.ts';
import type { Scanner } from './where-scanner.ts';

/** `(a, b)` behind `in`; a comma may stand behind the last. */
export function parseList(scanner: Scanner, name: string): Literal[] {
  const hint = `write ${name} in (a, b)`;
  if (take(scanner, /\(/y) === undefined) unexpected(scanner, "'('", hint);
  const values = [parseLiteral(scanner, name, '==')];
  while (take(scanner, /\)/y) === undefined) {
    if (take(scanner, /,/y) === undefined) unexpected(scanner, "',' or ')'", hint);
    if (take(scanner, /\)/y) !== undefined) break;
    values.push(parseLiteral(scanner, name, '=='));
  }
  return values;
}

/**
 * The right side of a comparison: a text in quotes; a number; a size in bytes (`10MiB`); a duration in seconds (`1.5s`,
 * so `10m` is ten minutes and `10M` a size); true, false, null; any other word is a text (`GET`, `/health`, `10.0.0.1`).
 */
export function parseLiteral(scanner: Scanner, name: string, operator: ComparisonOperator): Literal {
  skipBlanks(scanner);
  const offset = scanner.position;
  const string = takeString(scanner);
  if (string !== undefined) return { kind: 'text', value: string };
  const word = take(scanner, /[^\s()[\]{},"'`&|!<>=~;]+/y);
  if (word === undefined) unexpected(scanner, 'a value', valueHint(scanner.text[offset]));
  if (/^(?:and|or)$/i.test(word)) {
    scanner.position = offset;
    unexpected(scanner, 'a value', `put ${word} in quotes when it is the text to compare with`);
  }
  const literal = classify(word);
  if (literal === undefined) {
    scanner.fail({
      offset,
      message: `${quoted(word)} is no number with a unit that is known here`,
      hint: unitHint(word, name),
    });
  }
  refuseTrap(scanner, offset, name, operator, literal);
  return literal;
}

function valueHint(character: string | undefined): string {
  if (character === '`') return 'write texts in double or single quotes; backquotes are for names';
  if (character === '=' || character === '!') return 'write one of == != < <= > >= =~ !~';
  return 'write a number, a word, or a text in quotes';
}

/** Undefined for what looks like a number with a unit, but is none. */
function classify(word: string): Literal | undefined {
  if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
  if (word === 'null') return { kind: 'null' };
  const value = parseNumber(word);
  if (value !== undefined) return { kind: 'number', value, written: word };
  if (!/^[+-]?\d[\d_]*(?:\.\d+)?[\p{L}%]/u.test(word)) return { kind: 'text', value: word };
  // Small letters are units of time first: 10m are minutes, as everywhere else in this program; 10M are bytes.
  const seconds = unlessRefused(() => parseDuration(word));
  if (seconds !== undefined) return { kind: 'duration', value: seconds, written: word };
  const bytes = unlessRefused(() => parseSize(word));
  if (bytes !== undefined) return { kind: 'size', value: bytes, written: word };
  // 2026-11-20T10:00, 10.0.0.1 and 7f3a-55 are texts; 5xx, 90% and 10sec are slips.
  return /^[+-]?\d+(?:\.\d+)?[\p{L}%]+$/u.test(word) ? undefined : { kind: 'text', value: word };
}

/** A decimal number, the whole text; undefined for anything else, and for what is beyond the largest number. */
export function parseNumber(text: string): number | undefined {
  if (text.length > 400 || !/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function unitHint(word: string, name: string): string {
  const digit = /^([1-5])xx$/i.exec(word)?.[1];
  if (digit !== undefined) return `write ${name} >= ${digit}00 && ${name} <= ${digit}99`;
  return 'sizes are 512, 10MiB or 1.5GB, durations 250ms, 1.5s or 10m; put a text in quotes';
}

function unlessRefused(parse: () => number): number | undefined {
  try {
    return parse();
  } catch (error) {
    // The caller knows the column, and that there are other kinds of value.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const notInSeconds: readonly [RegExp, string, number][] = [
  [/(?:_ms|_msec|_millis|_milliseconds|Ms|Millis)$/, 'milliseconds', 1e3],
  [/(?:_us|_usec|_micros|_microseconds|Micros)$/, 'microseconds', 1e6],
  [/(?:_ns|_nsec|_nanos|_nanoseconds|Nanos)$/, 'nanoseconds', 1e9],
];

/** What parses and can only be meant in another way than it would be taken. */
function refuseTrap(
  scanner: Scanner,
  offset: number,
  name: string,
  operator: ComparisonOperator,
  literal: Literal,
): void {
  if (literal.kind === 'duration') {
    const unit = notInSeconds.find(([pattern]) => pattern.test(name));
    if (unit === undefined) return;
    const message = `${quoted(literal.written)} is a duration in seconds, and ${quoted(name)} is named as ${unit[1]}`;
    scanner.fail({ offset, message, hint: `write the bare number: ${name} ${operator} ${literal.value * unit[2]}` });
  }
  const isOrder = operator !== '==' && operator !== '!=';
  if (!isOrder || literal.kind === 'number' || literal.kind === 'size') return;
  if (literal.kind !== 'text') {
    const message = `${literal.kind === 'null' ? 'null' : String(literal.value)} is neither more nor less than anything`;
    scanner.fail({ offset, message, hint: 'write == or != before it, or put a text in quotes' });
  }
  const isLevel = /(?:^|[._@])(?:level|levelname|lvl|severity)$/i.test(name);
  if (isLevel && levelNames.has(literal.value.toLowerCase())) {
    const message = 'a level is compared letter by letter here';
    scanner.fail({ offset, message, hint: `write --level ${literal.value}, or ${name} in (error, critical)` });
  }
}
