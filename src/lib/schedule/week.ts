export const minutesOfDay = 1440;
export const minutesOfWeek = 7 * minutesOfDay;

/** A 1 for each minute of the week in which it holds. The week begins on Sunday at 00:00, as weekdays do in Date. */
export type Week = Uint8Array;

/** A stretch of the week in minutes; `end` is excluded, and beyond the week where the stretch runs into the next one. */
export interface Stretch {
  start: number;
  end: number;
}

export function emptyWeek(): Week {
  return new Uint8Array(minutesOfWeek);
}

/** Marks a stretch, which goes on at the beginning of the week when it passes its end. */
export function mark(week: Week, { start, end }: Stretch): void {
  week.fill(1, start, Math.min(end, minutesOfWeek));
  if (end > minutesOfWeek) week.fill(1, 0, end - minutesOfWeek);
}

export function complement(week: Week): Week {
  return week.map((minute) => 1 - minute);
}

/** The marked stretches in order of their start; none for a week that is all marked, for it has no start. */
export function stretchesOf(week: Week): Stretch[] {
  const found: Stretch[] = [];
  for (let start = 0; start < minutesOfWeek; start++) {
    if (week[start] !== 1 || week[(start + minutesOfWeek - 1) % minutesOfWeek] === 1) continue;
    let end = start + 1;
    while (week[end % minutesOfWeek] === 1) end++;
    found.push({ start, end });
  }
  return found;
}
