export type FieldName = 'minute' | 'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek';

/** What crontab(5) allows in one of the five places. */
export interface FieldKind {
  name: FieldName;
  /** As it is told to people. */
  title: string;
  low: number;
  /** 7 of the day of the week is Sunday again. */
  high: number;
  /** Three letters each, of the values from `low` on. */
  names: readonly string[];
  /** How often the values come round, where the steps of `*` can divide it. */
  cycle: number;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** In the order in which they are written. */
export const fieldKinds: readonly FieldKind[] = [
  { name: 'minute', title: 'minute', low: 0, high: 59, names: [], cycle: 60 },
  { name: 'hour', title: 'hour', low: 0, high: 23, names: [], cycle: 24 },
  { name: 'dayOfMonth', title: 'day of the month', low: 1, high: 31, names: [], cycle: 31 },
  { name: 'month', title: 'month', low: 1, high: 12, names: months, cycle: 12 },
  { name: 'dayOfWeek', title: 'day of the week', low: 0, high: 7, names: weekdays, cycle: 7 },
];

/** One field, understood. */
export interface CronField {
  /** As it is normalised: no names, Sunday is 0, `H` is a number. What every target understands. */
  text: string;
  /** In order, none twice. */
  values: readonly number[];
  /**
   * It begins with `*`, also with a step. That is cron's own test (the flags that its entry.c sets), for days and for
   * what follows the clocks when they change.
   */
  star: boolean;
  /** The step of a lone star: 15 where it is every 15 minutes. */
  step?: number;
}

export type CronFields = Readonly<Record<FieldName, CronField>>;
