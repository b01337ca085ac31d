/** How many, within how long. */
export interface Threshold {
  /** At least 1. */
  count: number;
  /** The length of the window, in seconds; left out, the whole run is one window. */
  perSeconds?: number;
}

/** A named rule about lines of a log, checked: plain data. */
export interface LogRule {
  name: string;
  /** Patterns of which one must be in the line. */
  match?: string[];
  /** Patterns that must all be in the line. */
  all?: string[];
  /** Patterns of which none may be in the line. */
  not?: string[];
  /** Patterns of lines that this rule never sees, such as those that the check itself writes. */
  exclude?: string[];
  /** The least level of a line, such as `error`, or exactly one, such as `=error`. */
  level?: string;
  /** From how many lines on it is too many. With neither this nor `atLeast` it is 1. */
  threshold?: Threshold;
  /** Fewer lines than these are too few. */
  atLeast?: Threshold;
  severity: 'warning' | 'critical';
  labels: Record<string, string>;
  /** What the alarm says, see message-template.ts. */
  message?: string;
}
