/** How the times of one table are shown: without what is the same for all of them. */
export interface ShortTimes {
  /** Each time by itself: `14:03:07`, with the day, the year and the offset where these differ within the table. */
  show(time: string): string;
  /** One below the other: the day stands only where it is another than in the line before. */
  column(times: readonly string[]): string[];
  /** What `show` leaves out where all have it in common: `2026-11-20`. */
  day?: string;
  /** What both leave out where all have it in common: `UTC+01:00`. */
  zone?: string;
}

interface Parts {
  year: string;
  /** `-11-20` */
  day: string;
  clock: string;
  offset: string;
}

const isoTime = /^([+-]?\d{4,6})(-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-][\d:]+)$/;

/** For a person who compares times; programs get them whole. The times are ISO 8601 with an offset; others stay as they are. */
export function shortTimes(times: readonly string[]): ShortTimes {
  const all = times.map(partsOf).filter((parts) => parts !== undefined);
  const first = all[0];
  const isSame = (part: (parts: Parts) => string) => all.every((parts) => part(parts) === part(first!));
  const sameOffset = isSame(({ offset }) => offset);
  const sameYear = isSame(({ year }) => year);
  const sameDay = sameYear && isSame(({ day }) => day);
  const clockOf = ({ clock, offset }: Parts, cells: number) => clock.slice(0, cells) + (sameOffset ? '' : offset);
  return {
    show(time) {
      const parts = partsOf(time);
      if (parts === undefined) return time;
      const date = sameDay ? '' : sameYear ? `${parts.day.slice(1)} ` : `${parts.year}${parts.day} `;
      return date + clockOf(parts, 8);
    },
    column(moments) {
      const cells = all.every(({ clock }) => clock.endsWith(':00')) ? 5 : 8;
      const daysAlone = sameOffset && all.every(({ clock }) => clock === '00:00:00');
      let before = '';
      return moments.map((moment) => {
        const parts = partsOf(moment);
        if (parts === undefined) return moment;
        const date = parts.year + parts.day;
        if (daysAlone) return date;
        const shown = date === before ? ' '.repeat(date.length) : date;
        before = date;
        return `${shown} ${clockOf(parts, cells)}`;
      });
    },
    ...(first !== undefined && sameDay ? { day: first.year + first.day } : {}),
    ...(first !== undefined && sameOffset ? { zone: zoneOf(first) } : {}),
  };
}

function zoneOf({ offset }: Parts): string {
  return offset === 'Z' || offset === '+00:00' ? 'UTC' : `UTC${offset}`;
}

function partsOf(time: string): Parts | undefined {
  const match = isoTime.exec(time);
  if (match === null) return undefined;
  return { year: match[1]!, day: match[2]!, clock: match[3]!, offset: match[4]! };
}
