import { secondsOfLocalTime } from '../time/local-time.ts';
import type { DayNumber } from './wall-event.ts';

/** Whether a day is among dates such as `2026-12-25`. */
export function holidayTest(dates: ReadonlySet<string> = new Set()): (day: DayNumber) => boolean {
  const days = new Set<DayNumber>();
  for (const date of dates) {
    const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
    days.add(secondsOfLocalTime({ year, month, day, hour: 0, minute: 0, second: 0 }) / 86_400);
  }
  return (day) => days.has(day);
}
