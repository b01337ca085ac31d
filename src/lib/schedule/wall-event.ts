/** What a schedule does at a time of a calendar day. */
export interface WallEvent {
  /** After midnight, 0 to 1439. */
  minute: number;
  to: 'on' | 'off';
}

/** A calendar day: days since 1970-01-01. */
export type DayNumber = number;

/** 0 is Sunday, as in Date. */
export function weekdayOfDay(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}
