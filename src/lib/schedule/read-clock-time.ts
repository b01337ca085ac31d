export interface NoTime {
  reason: string;
  hint: string;
}

/**
 * Minutes after midnight of `19:00`, `7:30`, `19`, `7pm` and `7:30 pm`, in lower case; 24:00 is one only as an end. An
 * hour of one digit alone is refused: whoever types `9 - 5` means the afternoon, and would get the night.
 */
export function readClockTime(text: string, place: 'start' | 'end'): number | NoTime {
  const hint = 'write times from 00:00 to 23:59, or 7pm';
  const match = /^(\d{1,2})(?::(\d\d))?(?:\s?([ap])m)?$/.exec(text);
  if (match === null) return { reason: 'it is written as hours, a colon and two digits of minutes', hint };
  const [, hourText = '', minuteText = '0', half] = match;
  const hour = Number(hourText);
  const minute = Number(minuteText);
  if (minute > 59) return { reason: 'minutes go from 00 to 59', hint };
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return { reason: `hours with ${half}m go from 1 to 12`, hint };
    return ((hour % 12) + (half === 'p' ? 12 : 0)) * 60 + minute;
  }
  if (match[2] === undefined && hourText.length === 1) {
    return {
      reason: 'it could be the morning or the evening',
      hint: `write 0${hour}:00${hour === 0 ? '' : ` or ${hour}pm`}`,
    };
  }
  if (hour === 24 && minute === 0) {
    return place === 'end' ? 1440 : { reason: 'the day begins at 00:00', hint: 'write 00:00, and the next day' };
  }
  if (hour > 23) return { reason: 'hours go from 00 to 23, and to 24:00 at the end', hint };
  return hour * 60 + minute;
}
