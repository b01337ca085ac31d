/** Half open, milliseconds since 1970. */
export interface TimeWindow {
  sinceMs?: number;
  untilMs?: number;
}
