import type { LogInput } from './log-input.ts';

/** Hides what must not be shown of a log, without moving anything in it. */
export interface KeyCover {
  begin(input: LogInput): void;
  /** The next part of the log, of the same length; the same memory where there is nothing to hide. */
  cover(bytes: Buffer): Buffer;
  end(): void;
}
