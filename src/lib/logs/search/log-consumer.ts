import type { LogInput } from './log-input.ts';
import type { FoundBatch } from './search-options.ts';

/** What becomes of that which is found: output, records, counts. */
export interface LogConsumer {
  /** The next log. */
  begin(input: LogInput): void;
  /** What was found in a part of it; the memory holds until this returns. True when no more of this log is wanted. */
  add(batch: FoundBatch): boolean;
  /** The end of the log. */
  end(): void;
}
