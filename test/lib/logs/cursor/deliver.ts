import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { FileCursor } from '../../../../src/lib/logs/cursor/file-cursor.ts';
import { parseCursor } from '../../../../src/lib/logs/cursor/parse-cursor.ts';
import { planReading } from '../../../../src/lib/logs/cursor/plan-reading.ts';
import type { PlanOptions } from '../../../../src/lib/logs/cursor/plan-reading.ts';
import type { Loss, ReadRange } from '../../../../src/lib/logs/cursor/read-plan.ts';
import { readAt } from '../../../../src/lib/logs/cursor/stored-file.ts';
import { fstatSync } from 'node:fs';

export interface Delivery {
  /** The bytes of all ranges, one after the other. */
  text: string;
  /** The bytes of each range. */
  parts: readonly string[];
  ranges: readonly ReadRange[];
  lost: readonly Loss[];
  notes: readonly string[];
  /** As it comes back from a state file. */
  next: FileCursor;
}

const signal = new AbortController().signal;

/** Bytes of one range, as a reader of whole files would get them. */
export function bytesOf({ descriptor, kind, start, end }: ReadRange): Buffer {
  if (kind === 'plain') return readAt(descriptor, start, end! - start);
  const stored = readAt(descriptor, 0, fstatSync(descriptor).size);
  return (kind === 'gzip' ? gunzipSync(stored) : zstdDecompressSync(stored)).subarray(start, end);
}

/** One run of a reader; `stop` ends it early: the index of a range, and how many of its lines are delivered. */
export async function deliver(
  path: string,
  known: FileCursor | undefined,
  options: Partial<PlanOptions> = {},
  stop?: { range: number; lines: number },
): Promise<Delivery> {
  const plan = await planReading(path, known, { fromStart: false, signal, ...options });
  try {
    let { next } = plan;
    const parts: string[] = [];
    for (const [index, range] of plan.ranges.entries()) {
      const bytes = bytesOf(range);
      if (index === stop?.range) {
        let length = 0;
        for (let count = 0; count < stop.lines; count++) length = bytes.indexOf('\n', length) + 1 || bytes.length;
        parts.push(bytes.toString('latin1', 0, length));
        const offset = range.start + length;
        next = plan.cursorAt(range, offset, bytesOf({ ...range, start: Math.max(0, offset - 256), end: offset }));
        break;
      }
      parts.push(bytes.toString('latin1'));
    }
    const stored = parseCursor(JSON.parse(JSON.stringify(next)));
    if (stored === undefined) throw new Error('the cursor does not come back from JSON');
    return { text: parts.join(''), parts, ranges: plan.ranges, lost: plan.lost, notes: plan.notes, next: stored };
  } finally {
    plan.close();
  }
}
