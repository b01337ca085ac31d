import type { ItemError } from '../results/item-error.ts';
import type { Status } from '../results/verdict.ts';
import type { Level } from './fields/level.ts';

/**
 * A record of `devops logs-grep`: public API, version `devops.logs-grep/1`. Which kind there is depends on what was asked
 * for: lines, counts (-c, -l, -L), rules (alert mode), templates (--top) or buckets (--histogram).
 *
 * Times are ISO 8601 with the offset of --tz. What could not be told is absent, never 0 or empty. Fields are only ever
 * added within a major version.
 */
export type LogRecord = LogLine | LogCount | LogRuleResult | LogTemplate | LogBucket | LogFailure;

/** One line that was found, or stands next to one. */
export interface LogLine {
  schema: 'devops.logs-grep/1';
  kind: 'line';
  /** The file as it was named or found, `(standard input)` or `journal`. */
  source: string;
  /** False for the lines around a match that -A, -B and -C ask for. */
  match: boolean;
  /** From 1, with -n. */
  line_number?: number;
  /** When it was written, where the line, or the one that its event begins with, says so. */
  time?: string;
  level?: Level;
  /** Without its line end; what is no UTF-8 is shown as U+FFFD. With -o the matching part. */
  text: string;
}

/** How many lines were found in a file. */
export interface LogCount {
  schema: 'devops.logs-grep/1';
  kind: 'count';
  source: string;
  /** Lines, or events with --multiline. With -l and -L it is only known to be 0 or more than 0, which is told as 1. */
  count: number;
}

/** What a rule has to say about a run. */
export interface LogRuleResult {
  schema: 'devops.logs-grep/1';
  kind: 'rule';
  /** The rule's name. */
  subject: string;
  status: Status;
  severity: 'warning' | 'critical';
  fired: boolean;
  because?: 'too many' | 'too few';
  /** Why it can be called neither fired nor fine. */
  undecided?: string;
  /** Lines that the rule is about. */
  count: number;
  /** The most of them within any period of the threshold, or in all. */
  peak: number;
  /** From how many on it is too many. */
  threshold?: LogThreshold;
  /** Fewer are too few. */
  at_least?: LogThreshold;
  /** Of the first and the last of these lines that have a time. */
  first?: string;
  last?: string;
  /** The first of these lines, at most 2,048 characters. */
  sample?: string;
  /** Where the sample is from. */
  source?: string;
  /** How many of these lines have no time: they count in every period. */
  untimed_count?: number;
  /** How many came too late in the log to be counted in their period. */
  late_count?: number;
  /** With --state, when there were too many: no other run finds them again, and no two have the same text here. */
  event?: string;
  labels: Readonly<Record<string, string>>;
  /** All this in one line, in the rule's own words if it has some. */
  message: string;
}

export interface LogThreshold {
  count: number;
  /** Length of the period; absent when the whole run is one. */
  per_seconds?: number;
}

/** Lines that say the same. */
export interface LogTemplate {
  schema: 'devops.logs-grep/1';
  kind: 'template';
  /** Their words, `<*>` where they differ. */
  template: string;
  count: number;
  /** Of all lines that were found, 0 to 100. */
  share_pct: number;
  /** The first of them. */
  sample: string;
}

/** How many lines there were in a stretch of time. */
export interface LogBucket {
  schema: 'devops.logs-grep/1';
  kind: 'bucket';
  /** Included. */
  start: string;
  /** Not included. */
  end: string;
  count: number;
}

/** A log that could not be read, or not as a whole, beside all that could. */
export interface LogFailure {
  schema: 'devops.logs-grep/1';
  kind: 'failure';
  /** The log, as it was named or found. */
  subject: string;
  error: ItemError;
}
