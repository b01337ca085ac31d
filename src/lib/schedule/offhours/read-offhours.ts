import { nearest } from '../../errors/nearest.ts';
import { quoted } from '../../text/quoted.ts';
import { mistakeIn } from '../mistake.ts';
import { dayLetters, type Offhours, type Times, workdays } from './offhours.ts';
import { longestTagValue, readTagText, type TagText } from './tag-text.ts';

const example = 'write off=(M-F,19);on=(M-F,7);tz=Europe/Berlin';

interface Reader extends TagText {
  /** The value as it was written, for messages. */
  value: string;
  position: number;
}

/**
 * What a tag value of Cloud Custodian's offhours says (c7n/filters/offhours.py): `off=[(M-F,21),(U,18)];on=(M-F,6);tz=pt`
 * in any case and order; nothing, `on` or a zone alone for 19 and 7 from Monday to Friday; `off` for opting out. Beyond
 * it: spaces anywhere, and minutes (`21:30`). When one side is missing it stays so, and what is only to be stopped is
 * never started. Throws a UserError (usage) with the column, where Cloud Custodian logs a line and goes on.
 */
export function readOffhours(value: string): Offhours {
  const reader: Reader = { value, position: 0, text: '', offsets: [0] };
  if (value.length > longestTagValue) {
    fail(reader, `it is longer than ${longestTagValue} characters, which no tag value is`, example);
  }
  Object.assign(reader, readTagText(value));
  // Some write this word before the rest, and Cloud Custodian has never minded.
  skip(reader, /\s*(?:offhours(?![^\s;]))?[\s;]*/y);
  const bare = /^(on|off|)[\s;]*$/.exec(reader.text.slice(reader.position));
  if (bare?.[1] === 'off') return { off: new Map(), on: new Map() };
  const found: Partial<Offhours> = {};
  if (bare === null) readParts(reader, found);
  if (found.off !== undefined || found.on !== undefined) return { off: new Map(), on: new Map(), ...found };
  return { ...found, off: new Map([[19 * 60, workdays]]), on: new Map([[7 * 60, workdays]]) };
}

function readParts(reader: Reader, found: Partial<Offhours>): void {
  while (reader.position < reader.text.length) {
    readPart(reader, found);
    const end = reader.position;
    skip(reader, /[\s;]*/y);
    if (reader.position === end && end < reader.text.length) unexpected(reader, "';' or the end");
  }
}

function readPart(reader: Reader, found: Partial<Offhours>): void {
  const start = reader.position;
  const key = skip(reader, /[^\s=;,()[\]]*/y);
  if (key !== 'off' && key !== 'on' && key !== 'tz') {
    reader.position = start;
    const near = key === '' ? undefined : nearest(key, ['off', 'on', 'tz']);
    unexpected(reader, "'off=', 'on=' or 'tz='", near === undefined ? example : `did you mean '${near}='?`);
  }
  if ((key === 'tz' ? found.zone : found[key]) !== undefined) {
    reader.position = start;
    fail(reader, `'${key}=' is there twice`, `write all times in one: ${key}=[(M-F,19),(S,12)]`);
  }
  skip(reader, /\s*/y);
  if (skip(reader, /=/y) === '') unexpected(reader, "'='");
  skip(reader, /\s*/y);
  if (key !== 'tz') {
    found[key] = readTimes(reader);
    return;
  }
  const offset = reader.offsets[reader.position]!;
  const name = skip(reader, /[^\s;]*/y);
  // An empty one is the default, as if it were not there.
  if (name !== '') found.zone = { name, offset };
}

function readTimes(reader: Reader): Times {
  const times = new Map<number, number>();
  if (skip(reader, /disabled(?=[\s;]|$)/y) !== '') return times;
  const isList = skip(reader, /\[/y) !== '';
  for (;;) {
    skip(reader, /\s*/y);
    // `[M-F,20]` is one, also without any brackets, but two of them have to be told apart.
    const isTuple = skip(reader, /\(/y) !== '';
    const days = readDays(reader);
    if (skip(reader, /\s*,\s*/y) === '') unexpected(reader, 'a comma and the hour');
    const minute = readHour(reader);
    times.set(minute, (times.get(minute) ?? 0) | days);
    if (isTuple && skip(reader, /\s*\)/y) === '') unexpected(reader, "')'");
    if (skip(reader, /\s*,(?=\s*\()/y) === '') break;
  }
  if (isList && skip(reader, /\s*\]/y) === '') unexpected(reader, "',(' or ']'");
  return times;
}

function readDays(reader: Reader): number {
  skip(reader, /\s*/y);
  const first = readDay(reader);
  if (skip(reader, /\s*-\s*/y) === '') return 1 << first;
  const last = readDay(reader);
  let days = 1 << last;
  // A range may pass the end of the week.
  for (let day = first; day !== last; day = (day + 1) % 7) days |= 1 << day;
  return days;
}

function readDay(reader: Reader): number {
  const letter = skip(reader, /[mtwhfsu](?![a-z0-9])/y);
  if (letter === '') unexpected(reader, 'a day', 'days are M T W H F S U, where H is Thursday and U is Sunday');
  return dayLetters.indexOf(letter);
}

function readHour(reader: Reader): number {
  const start = reader.position;
  const [hour = 24, minute = 0] = skip(reader, /\d{1,2}(?::\d\d)?(?![\w:.])/y)
    .split(':')
    .map((digits) => (digits === '' ? 24 : Number(digits)));
  if (hour <= 23 && minute <= 59) return hour * 60 + minute;
  reader.position = start;
  return unexpected(reader, 'an hour from 0 to 23', 'write 0 for midnight, 21 for nine in the evening');
}

/** What the expression, which has to be sticky, finds here, and goes behind it; '' when it finds nothing. */
function skip(reader: Reader, expression: RegExp): string {
  expression.lastIndex = reader.position;
  const found = expression.exec(reader.text)?.[0] ?? '';
  reader.position += found.length;
  return found;
}

function unexpected(reader: Reader, expected: string, hint = example): never {
  const rest = reader.text.slice(reader.position);
  const found = rest === '' ? 'it ends here' : `found ${quoted(/^[a-z0-9:.]+|^./su.exec(rest)![0])}`;
  return fail(reader, `expected ${expected}, but ${found}`, hint);
}

function fail(reader: Reader, message: string, hint: string): never {
  const offset = reader.offsets[reader.position] ?? 0;
  throw mistakeIn('offhours', reader.value, { offset, message, hint });
}
