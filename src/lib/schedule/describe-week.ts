import { parseWords } from './parse-words.ts';
import { complement, minutesOfDay, minutesOfWeek, type Stretch, stretchesOf, type Week } from './week.ts';
import { presetNames } from './words.ts';

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * The canonical words for the time in which something is off, which are the same for the same time however it was
 * written: `nights,weekend` and the complement of `office-hours` are one schedule, and what the one stops the other has
 * to start. Told is what takes fewer parts: when it is off, or behind `on ` when it is on.
 */
export function describeWeek(off: Week): string {
  const whenOff = partsOf(off);
  const whenOn = partsOf(complement(off));
  const offText = whenOff.join(' + ');
  const onText = `on ${whenOn.join(' + ')}`;
  const isOnSimpler = whenOn.length - whenOff.length || onText.length - offText.length;
  return isOnSimpler < 0 ? onText : offText;
}

function partsOf(week: Week): string[] {
  const preset = presetNames.find((name) => isSame(parseWords(name), week));
  if (preset !== undefined) return [preset];
  const parts: { start: number; text: string }[] = [];
  /** Stretches of less than a day, by the times between which they are. */
  const daily = new Map<string, Stretch[]>();
  for (const stretch of stretchesOf(week)) {
    const { start, end } = stretch;
    if (end - start >= minutesOfDay) {
      parts.push({ start, text: `${moment(start)} - ${moment(end)}` });
      continue;
    }
    const times = `${timeOfDay(start)} - ${end % minutesOfDay === 0 ? '24:00' : timeOfDay(end)}`;
    daily.set(times, [...(daily.get(times) ?? []), stretch]);
  }
  for (const [times, stretches] of daily) {
    for (const range of rangesOf(stretches)) parts.push({ start: range[0]!.start, text: rangeText(range, times) });
  }
  return parts.toSorted((a, b) => fromMonday(a.start) - fromMonday(b.start)).map(({ text }) => text);
}

/** The week that people read begins on Monday. */
function fromMonday(minute: number): number {
  return (minute - minutesOfDay + minutesOfWeek) % minutesOfWeek;
}

/** Those of consecutive days together, in as few ranges as there can be: Friday to Monday is one. */
function rangesOf(stretches: readonly Stretch[]): Stretch[][] {
  // Sunday is the first day of the week, and the last one of a range of all days.
  if (stretches.length === 7) return [[...stretches.slice(1), stretches[0]!]];
  const byDay = new Map(stretches.map((stretch) => [dayOf(stretch.start), stretch]));
  const ranges: Stretch[][] = [];
  for (const first of byDay.keys()) {
    if (byDay.has((first + 6) % 7)) continue;
    const range: Stretch[] = [];
    for (let day = first; byDay.has(day); day = (day + 1) % 7) range.push(byDay.get(day)!);
    ranges.push(range);
  }
  return ranges;
}

function rangeText(range: readonly Stretch[], times: string): string {
  if (range.length === 7) return times;
  const [{ start, end }] = range as [Stretch];
  const first = dayNames[dayOf(start)]!;
  if (range.length > 1) return `${first}-${dayNames[dayOf(range.at(-1)!.start)]!} ${times}`;
  // A single one over midnight is clearer with both of its days.
  return Math.ceil(end / minutesOfDay) - 1 === dayOf(start) ? `${first} ${times}` : `${moment(start)} - ${moment(end)}`;
}

function dayOf(minute: number): number {
  return Math.floor(minute / minutesOfDay);
}

function moment(minute: number): string {
  return `${dayNames[dayOf(minute) % 7]!} ${timeOfDay(minute)}`;
}

function timeOfDay(minute: number): string {
  const rest = minute % minutesOfDay;
  return `${String(Math.floor(rest / 60)).padStart(2, '0')}:${String(rest % 60).padStart(2, '0')}`;
}

function isSame(a: Week, b: Week): boolean {
  return a.every((minute, index) => minute === b[index]);
}
