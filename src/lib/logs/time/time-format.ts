import type { Zone } from '../../time/zone.ts';

/** Where and how the lines of one log say when they were written. */
export interface TimeFormat {
  /** `iso`, `clf`, `syslog`, `rfc5424`, `klog`, `epoch`, `json`, `logfmt` or a strptime pattern. */
  readonly name: string;
  /**
   * The time of the line `bytes[start, end)`, which is without its line feed: milliseconds since 1970, with what a
   * double holds of the micro- and nanoseconds. Undefined when the line has no time where this format has it (the
   * continuation of a record). Allocates nothing on its usual path and never throws.
   *
   * `after` is the time of the line before, for a caller that reads forwards: a local time that the clocks show twice
   * (the end of summer time) is the earlier of both unless that lies more than a few minutes before `after`. But for
   * this hint the result depends on nothing but the line, so that a bisect sees what a full scan sees.
   */
  read(bytes: Buffer, start: number, end: number, after?: number): number | undefined;
}

/** What the text of a line does not say about its time. */
export interface TimeContext {
  /** For times that name no offset of their own. */
  readonly zone: Zone;
  /** Seconds since 1970 when the file was last written: a time without a year is the latest one before it. */
  readonly modifiedSeconds: number;
}

/**
 * Reads the time whose text begins exactly at `at`: milliseconds since 1970, NaN when none stands there. What follows
 * the time is ignored, except for a digit.
 */
export type StampReader = (bytes: Buffer, at: number, end: number, after: number | undefined) => number;

/** Lines of a log: the first 64 KiB of a file in one piece, or line by line without their line feeds. */
export type LogSample = Buffer | readonly Buffer[];
