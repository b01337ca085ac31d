import { countLineFeeds } from './count-line-feeds.ts';
import type { FoundBatch } from './search-options.ts';
import type { Runs } from './select-runs.ts';

/**
 * Cuts a batch before its last line, which begins at `lineStart`. `use` gets the lines before at once; the answer is the
 * last line, in memory of its own.
 */
export function cutBatch(batch: FoundBatch, lineStart: number, use: (lines: FoundBatch) => void): FoundBatch {
  // How many lines both have together says nothing of either.
  const { lines: _lines, ...rest } = batch;
  const { bytes, offset, runs, firstLine } = rest;
  const before: Runs = [];
  const last: Runs = [];
  for (let index = 0; index < runs.length; index += 2) {
    const [start, end] = [runs[index]!, runs[index + 1]!];
    if (start < lineStart) before.push(start, Math.min(end, lineStart));
    if (end > lineStart) last.push(Math.max(start, lineStart) - lineStart, end - lineStart);
  }
  use({ ...rest, bytes: bytes.subarray(0, lineStart), runs: before });
  const { timeMs, level, passes } = batch.events.at(lineStart);
  const known = { level: level(), passes: passes(), isStart: batch.events.isStart(lineStart, bytes.length) };
  const facts = { timeMs, level: () => known.level, passes: () => known.passes };
  return {
    ...rest,
    bytes: Buffer.from(bytes.subarray(lineStart)),
    offset: offset + lineStart,
    runs: last,
    firstLine: firstLine === 0 ? 0 : firstLine + countLineFeeds(bytes, 0, lineStart),
    events: { enter() {}, rewind() {}, leave() {}, at: () => facts, isStart: () => known.isStart },
  };
}
