import type { InstanceRow } from '../instance-row.ts';
import { inPieces } from '../read/pieces.ts';
import { callForAll, type Refusal } from './call-for-all.ts';
import { startCall } from './instance-calls.ts';
import type { PowerRun } from './power-run.ts';

/**
 * AWS starts all instances of a call or, without room for all of them, none. So what had no room is asked for again in
 * smaller numbers, with pauses in which room may come.
 */
const rounds: readonly { pause: number; ids: number }[] = [
  { pause: 0, ids: 100 },
  { pause: 5, ids: 25 },
  { pause: 10, ids: 5 },
  { pause: 20, ids: 1 },
  { pause: 40, ids: 1 },
];

/** Where this many calls in a row find no room there is none, and more calls would only use up the quota of calls. */
const mostInVain = 2;

/** Starts instances of one type in one zone. Throws nothing but the signal's reason. */
export async function startAlike(
  rows: readonly InstanceRow[],
  run: PowerRun,
): Promise<{ done: readonly InstanceRow[]; refusals: readonly (readonly [InstanceRow, Refusal])[] }> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const done: InstanceRow[] = [];
  const refusals: (readonly [InstanceRow, Refusal])[] = [];
  let waiting: readonly string[] = [...byId.keys()];
  let last: Refusal | undefined;
  for (const { pause, ids } of rounds) {
    if (waiting.length === 0 || (pause > 0 && (!run.wait || run.monotonic() + pause > run.deadline))) break;
    if (pause > 0) await run.pause(pause, run.signal);
    const without: string[] = [];
    let inVain = 0;
    for (const part of inPieces(waiting, ids)) {
      if (inVain >= mostInVain) {
        without.push(...part);
        continue;
      }
      const result = await callForAll(part, run, (batch) => startCall(run.target, batch, run.signal));
      for (const id of result.done) done.push(byId.get(id)!);
      const lacking = result.refusals.filter(({ kind }) => kind === 'capacity');
      for (const refusal of result.refusals) {
        if (refusal.kind !== 'capacity') refusals.push([byId.get(refusal.id)!, refusal]);
      }
      without.push(...lacking.map(({ id }) => id));
      last = lacking.at(-1) ?? last;
      inVain = lacking.length === 0 ? 0 : inVain + 1;
    }
    waiting = without;
  }
  for (const id of waiting) refusals.push([byId.get(id)!, { ...last!, id }]);
  return { done, refusals };
}
