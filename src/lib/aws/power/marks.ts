import { inPieces } from '../read/pieces.ts';
import { callForAll, type Refusal } from './call-for-all.ts';
import { markCall, unmarkCall } from './instance-calls.ts';
import type { PowerRun } from './power-run.ts';
import { formatStopMark } from './remember.ts';

/** Of CreateTags and DeleteTags. */
export const resourcesOfCall = 1000;

/**
 * The mark of this run. It is never older than the last start of what it is put on, or a clock that is slow would make
 * it worthless from the beginning.
 */
export function markValue(run: Pick<PowerRun, 'run' | 'by' | 'now'>, launchTimes: readonly number[]): string {
  const at = launchTimes.reduce((latest, time) => Math.max(latest, time), run.now().getTime() / 1000);
  return formatStopMark({ at: Math.floor(at), run: run.run, by: run.by });
}

/** Writes the mark; whatever it could not be written on is refused. At most 1,000 ids. */
export async function writeMarks(ids: readonly string[], value: string, run: PowerRun) {
  return callForAll(ids, run, (batch) => markCall(run.target, batch, value, run.signal));
}

/** Removes marks, by value: `marked` has the tag's value of each id. Answers with what went wrong. */
export async function removeMarks(
  marked: ReadonlyMap<string, string>,
  run: PowerRun,
): Promise<ReadonlyMap<string, Refusal>> {
  const byValue = new Map<string, string[]>();
  for (const [id, value] of marked) {
    const ids = byValue.get(value) ?? [];
    byValue.set(value, ids);
    ids.push(id);
  }
  const failed = new Map<string, Refusal>();
  for (const [value, ids] of byValue) {
    for (const part of inPieces(ids, resourcesOfCall)) {
      const call = (batch: readonly string[]) => unmarkCall(run.target, batch, value, run.signal);
      const { refusals } = await callForAll(part, run, call);
      for (const refusal of refusals) failed.set(refusal.id, refusal);
    }
  }
  return failed;
}
