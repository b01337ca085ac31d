import { lineEndAt } from '../pattern/line-bounds.ts';
import type { Runs } from './select-runs.ts';

/** Calls back for every line of the runs, without its line feed, until it is answered with true. */
export function visitLines(
  bytes: Buffer,
  runs: Runs,
  visit: (lineStart: number, lineEnd: number) => boolean | void,
): void {
  for (let index = 0; index < runs.length; index += 2) {
    const end = runs[index + 1]!;
    for (let start = runs[index]!; start < end;) {
      const lineEnd = lineEndAt(bytes, start, end);
      if (visit(start, lineEnd) === true) return;
      start = lineEnd + 1;
    }
  }
}
