import { type DayNumber, type WallEvent, weekdayOfDay } from './wall-event.ts';
import { minutesOfDay, type Week } from './week.ts';

/**
 * What happens on each day when the same week comes again and again, `off` marking when something is off.
 *
 * A holiday is off all day. What would have come on during it comes on at the same time of the next day that is no
 * holiday, unless that time is off anyway: behind a holiday on Friday, Saturday stays off when it is off. What was on
 * before the holiday and would have stayed on comes on at the end of it.
 */
export function weeklyEvents(off: Week, isHoliday: (day: DayNumber) => boolean): (day: DayNumber) => WallEvent[] {
  const isOffAt = (day: DayNumber, minute: number): boolean => off[weekdayOfDay(day) * minutesOfDay + minute] === 1;

  return (day) => {
    const events: WallEvent[] = [];
    const onFrom = isHoliday(day) ? minutesOfDay : isHoliday(day - 1) ? delayAfterHoliday(day) : 0;
    let isOff = isHoliday(day - 1) || isOffAt(day - 1, minutesOfDay - 1);
    for (let minute = 0; minute < minutesOfDay; minute++) {
      const willBeOff = minute < onFrom || isOffAt(day, minute);
      if (willBeOff === isOff) continue;
      isOff = willBeOff;
      events.push({ minute, to: isOff ? 'off' : 'on' });
    }
    return events;
  };

  /** The time of the last switch to on in the holidays before this day, when it would still be on; otherwise midnight. */
  function delayAfterHoliday(day: DayNumber): number {
    if (isOffAt(day, 0)) return 0;
    // Every week has a switch, so that seven days back there has been one, however long the holidays are.
    for (let past = day - 1; past >= day - 8 && isHoliday(past); past--) {
      for (let minute = minutesOfDay - 1; minute >= 0; minute--) {
        const wasOff = minute > 0 ? isOffAt(past, minute - 1) : isOffAt(past - 1, minutesOfDay - 1);
        if (wasOff && !isOffAt(past, minute)) return minute;
      }
    }
    return 0;
  }
}
