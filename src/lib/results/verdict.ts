/** What one thing that was looked at means. `unknown`: it could not be told. */
export type Status = 'ok' | 'warning' | 'critical' | 'unknown';

/** One judgement. The exit code, JUnit, annotations, the Nagios line and the mail are made from these alone. */
export interface Verdict {
  status: Status;
  /** What was judged: a host, a mount, a rule. Stable from run to run, because alerts are compared by it. */
  subject: string;
  /** Stable word for programs, such as `expired` or `disk.used_pct`. */
  code: string;
  /** One line for people. */
  message: string;
  /** What to do next. */
  hint?: string;
  /** More for reports, in lines: the end of what a program printed. Bounded by whoever sets it. */
  detail?: string;
  /**
   * Set where this happened once and will not be found again, a log line for example: no two have the same. An alert
   * about it is never held back as known.
   */
  event?: string;
}
