import { nearest } from '../errors/nearest.ts';
import { quoted } from '../text/quoted.ts';
import { mistakeIn } from './mistake.ts';
import { readClockTime } from './read-clock-time.ts';
import { emptyWeek, mark, minutesOfDay, minutesOfWeek, type Week } from './week.ts';
import { example, type PresetName, presetNames, splitWords, type Word } from './words.ts';

/** Sunday first, as in Date. */
const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const shortNames = dayNames.map((name) => name.slice(0, 3));
const everyDay = [0, 1, 2, 3, 4, 5, 6];

interface Parser {
  text: string;
  words: readonly Word[];
  position: number;
}

/**
 * The week that these words mark: presets, `Fri 19:00 - Mon 07:00` once a week, `19:00 - 07:00` every day and
 * `Mon-Fri 09:00 - 17:30` on each of these days, both of which may cross midnight; joined by commas. Throws a UserError
 * (usage) that names the column of the first mistake.
 */
export function parseWords(text: string): Week {
  const week = emptyWeek();
  const parser: Parser = { text, words: splitWords(text), position: 0 };
  do parsePart(parser, week);
  while (take(parser, 'comma') !== undefined);
  if (current(parser).kind !== 'end') unexpected(parser, 'a comma or the end');
  return week;
}

function parsePart(parser: Parser, week: Week): void {
  const preset = take(parser, 'preset');
  if (preset !== undefined) {
    markPreset(week, preset.text as PresetName);
    return;
  }
  const days = current(parser).kind === 'time' ? everyDay : parseDays(parser);
  const start = parseTime(parser, 'start');
  if (take(parser, 'dash') === undefined) unexpected(parser, "'-' and the time at which it ends");
  const endWord = current(parser);
  const endDay = endWord.kind === 'letters' ? parseDay(parser) : undefined;
  const end = parseTime(parser, 'end');
  if (endDay !== undefined && days.length > 1) {
    fail(parser, endWord, 'a day stands here only behind a single day', "write 'Fri 19:00 - Mon 07:00'");
  }
  for (const day of days) {
    // Behind a day of its own the end is the next such moment of the week, otherwise the next such time of the day.
    const period = endDay === undefined ? minutesOfDay : minutesOfWeek;
    let length = (endDay === undefined ? 0 : endDay - day) * minutesOfDay + end - start;
    if (length === 0) {
      fail(parser, endWord, 'it ends when it begins', 'write 00:00 - 24:00 for a whole day, with the days before it');
    }
    if (length < 0) length += period;
    mark(week, { start: day * minutesOfDay + start, end: day * minutesOfDay + start + length });
  }
}

function markPreset(week: Week, name: PresetName): void {
  const times: Record<PresetName, { days: number[]; start: number; end: number }> = {
    weekend: { days: [6], start: 0, end: 48 },
    nights: { days: everyDay, start: 19, end: 31 },
    'office-hours': { days: [1, 2, 3, 4, 5], start: 7, end: 19 },
  };
  const { days, start, end } = times[name];
  for (const day of days) mark(week, { start: day * minutesOfDay + start * 60, end: day * minutesOfDay + end * 60 });
}

/** One day or a range of them, which may pass the end of the week. */
function parseDays(parser: Parser): number[] {
  const first = parseDay(parser, 'a day, a time or a name such as weekend');
  if (take(parser, 'dash') === undefined) return [first];
  const last = parseDay(parser);
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
}

function parseDay(parser: Parser, expected = 'a day'): number {
  const word = current(parser);
  const day = [...dayNames, ...shortNames].findIndex((name) => name.toLowerCase() === word.text) % 7;
  if (word.kind !== 'letters' || day === -1) unexpected(parser, expected);
  parser.position++;
  return day;
}

function parseTime(parser: Parser, place: 'start' | 'end'): number {
  const word = current(parser);
  if (word.kind !== 'time') unexpected(parser, 'a time such as 19:00');
  const time = readClockTime(word.text, place);
  if (typeof time !== 'number')
    return fail(parser, word, `${quoted(word.text)} is not a time: ${time.reason}`, time.hint);
  parser.position++;
  return time;
}

function current(parser: Parser): Word {
  return parser.words[parser.position]!;
}

function take(parser: Parser, kind: Word['kind']): Word | undefined {
  const word = current(parser);
  if (word.kind !== kind) return undefined;
  parser.position++;
  return word;
}

function fail(parser: Parser, { offset }: Word, message: string, hint: string): never {
  throw mistakeIn('schedule', parser.text, { offset, message, hint });
}

/** Fails on the current word, with the nearest that would have been understood. */
function unexpected(parser: Parser, expected: string): never {
  const word = current(parser);
  if (word.kind === 'end') return fail(parser, word, `expected ${expected}, but it ends here`, example);
  // `ofice-hours` is three words here and one for whoever typed it.
  const typed = /^[a-z]+(?:-[a-z]+)*/i.exec(parser.text.slice(word.offset))?.[0] ?? word.text;
  const candidates = expected === 'a day' ? dayNames : [...presetNames, ...dayNames];
  const near =
    word.kind === 'letters'
      ? (nearest(typed, candidates) ?? nearest(word.text, [...candidates, ...shortNames]))
      : undefined;
  const hint = near === undefined ? example : `did you mean '${near}'?`;
  return fail(parser, word, `expected ${expected}, but found ${quoted(typed)}`, hint);
}
