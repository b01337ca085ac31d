import type { InstanceRow } from '../instance-row.ts';
import { hasSpentMark, stopMarkOf } from './plan-start.ts';
import { stoppedTag } from './remember.ts';
import type { Wanted } from './wanted-schedule.ts';

/** Seconds after which no stop is on its way any more between its mark and its call. */
const stopUnderWay = 600;

/**
 * Marks that only wait for their removal: spent ones, and those of this schedule on what runs while it wants it to run,
 * whose stop was cut off before it had begun. Not a young one: where a stop is at work across the switch, it would stop
 * what has lost its mark, and nothing would bring it back.
 */
export function spentMarks(
  rows: readonly InstanceRow[],
  { wanted, now }: { wanted: Wanted; now(): Date },
): ReadonlyMap<string, string> {
  const spent = new Map<string, string>();
  for (const row of rows) {
    const value = row.tags.get(stoppedTag);
    // What is pending may yet fall back, and then the mark is what it has.
    if (value === undefined || row.state === 'pending') continue;
    if (hasSpentMark(row) || (row.state === 'running' && isCutOff(row, wanted, now()))) spent.set(row.id, value);
  }
  return spent;
}

function isCutOff(row: InstanceRow, wanted: Wanted, now: Date): boolean {
  try {
    const mark = stopMarkOf(row);
    return wanted.kind !== 'none' && mark?.by === wanted.by && mark.at < now.getTime() / 1000 - stopUnderWay;
  } catch {
    return false;
  }
}
