import type { LogSample } from './time-format.ts';

/** One line of a sample, `bytes[start, end)`. Answers false when enough lines were seen. */
export type LineVisitor = (bytes: Buffer, start: number, end: number) => boolean;

/** Lines that are looked at in search of those with a time. */
const mostLines = 2000;

/** Goes through the first lines of a sample, `most` of them at the most. */
export function visitLines(sample: LogSample, visit: LineVisitor, most = mostLines): void {
  let lines = 0;
  for (const bytes of Array.isArray(sample) ? (sample as readonly Buffer[]) : []) {
    if (lines++ >= most || !visit(bytes, 0, bytes.length)) return;
  }
  if (!Buffer.isBuffer(sample)) return;
  for (let start = 0; start < sample.length && lines < most; lines++) {
    const feed = sample.indexOf(10, start);
    const end = feed === -1 ? sample.length : feed;
    if (!visit(sample, start, end)) return;
    start = end + 1;
  }
}
