import { looksBinary } from '../inputs/looks-binary.ts';
import type { SourceProblem } from '../source/source-problem.ts';
import type { LogConsumer } from './log-consumer.ts';
import type { LogInput } from './log-input.ts';
import { searchLog } from './search-log.ts';
import type { Found, SearchOptions } from './search-options.ts';

export interface SearchLogsOptions extends SearchOptions {
  /** Search what is no text, too, and give it out (-a). */
  text: boolean;
  onProblem(problem: SourceProblem, input: LogInput): void;
  /** Whether nothing more is wanted of any log. */
  isEnough?(): boolean;
  /** Another way to search some of the logs; undefined for those that are left to us. */
  searchOne?(input: LogInput): Found | undefined;
}

/** Searches logs one by one. Yields after each part, so that what was found can be written before the next is read. */
export async function* searchLogs(
  inputs: Iterable<LogInput>,
  consumer: LogConsumer,
  options: SearchLogsOptions,
): AsyncGenerator<void, void, void> {
  for (const input of inputs) {
    options.signal.throwIfAborted();
    if (options.isEnough?.() === true) return;
    consumer.begin(input);
    const found = options.searchOne?.(input) ?? searchLog(input, options);
    let isBinary = false;
    let isUnread = true;
    try {
      for (;;) {
        const next = await found.next();
        if (next.done === true) {
          for (const problem of next.value.problems) options.onProblem(problem, input);
          isUnread &&= next.value.problems.length > 0;
          break;
        }
        const batch = next.value;
        isUnread = false;
        if (!options.text && batch.offset === 0) isBinary = looksBinary(batch.bytes);
        if (isBinary && batch.runs.length > 0) {
          options.onNote(`${input.name}: is binary and has matching lines: -a prints them`);
          consumer.add({ ...batch, isHidden: true });
          break;
        }
        if (consumer.add(batch)) break;
        yield;
        if (options.isEnough?.() === true) break;
      }
    } finally {
      await found.return({ problems: [] });
    }
    // Of what nobody could read there is no count, not even 0.
    if (!isUnread) consumer.end();
    yield;
  }
}
