import { UserError } from '../../errors/user-error.ts';
import { describeInstances } from '../describe-instances.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { FailedAction } from './failed-action.ts';
import { failedAction } from './instance-action.ts';
import type { PowerRun } from './power-run.ts';

const firstPause = 2;
const longestPause = 15;
const pauseGrowth = 1.5;
/** What was there a moment ago may be missing from one answer: the API is eventually consistent. */
const missesOfVanished = 3;

/** Reads rows anew by their ids; what does not exist is absent. */
export async function readAgain(
  ids: readonly string[],
  run: Pick<PowerRun, 'target' | 'signal'>,
): Promise<ReadonlyMap<string, InstanceRow>> {
  const found = new Map<string, InstanceRow>();
  if (ids.length === 0) return found;
  for await (const rows of describeInstances(run.target, { ids }, { signal: run.signal })) {
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

/**
 * Looks at instances again and again, with pauses that grow from 2 to 15 seconds, until `judge` has given a result for
 * each of them. `judge` is asked once a look, with what was seen. Whatever has no result when the run's deadline is
 * reached becomes an `unverified` error, what is not listed any more a `vanished` one. Yields what each look has
 * brought. Throws the signal's reason, and nothing else that has to do with AWS.
 */
export async function* watchInstances<Result>(
  rows: readonly InstanceRow[],
  run: PowerRun,
  aim: string,
  judge: (seen: InstanceRow) => Result | undefined,
): AsyncGenerator<readonly (Result | FailedAction)[]> {
  const waiting = new Map(rows.map((row) => [row.id, row]));
  const misses = new Map<string, number>();
  let wait = firstPause;
  let trouble: UserError | undefined;
  while (waiting.size > 0) {
    const left = run.deadline - run.monotonic();
    if (left <= 0 || trouble?.code === 'permission') {
      yield [...waiting.values()].map((row) => unverified(row, run, aim, trouble));
      return;
    }
    await run.pause(Math.min(wait, left), run.signal);
    wait = Math.min(longestPause, wait * pauseGrowth);
    let seen: ReadonlyMap<string, InstanceRow>;
    try {
      seen = await readAgain([...waiting.keys()], run);
      trouble = undefined;
    } catch (error) {
      run.signal.throwIfAborted();
      if (!(error instanceof UserError)) throw error;
      run.log.debug(`${run.target.label}: ${error.message}`);
      trouble = error;
      continue;
    }
    const results: (Result | FailedAction)[] = [];
    for (const row of waiting.values()) {
      const now = seen.get(row.id);
      const result = now === undefined ? missed(row, run, misses) : judge(now);
      if (result !== undefined) results.push(result);
      if (result !== undefined) waiting.delete(row.id);
      else if (now !== undefined) waiting.set(row.id, now);
    }
    yield results;
  }
}

function missed(row: InstanceRow, run: PowerRun, misses: Map<string, number>): FailedAction | undefined {
  const count = (misses.get(row.id) ?? 0) + 1;
  misses.set(row.id, count);
  if (count < missesOfVanished) return undefined;
  return failedAction(row, run.target, { code: 'vanished', message: 'it is not listed any more' });
}

function unverified(row: InstanceRow, run: PowerRun, aim: string, trouble: UserError | undefined): FailedAction {
  const why = trouble === undefined ? `is still ${row.state}` : `was ${row.state} when last seen: ${trouble.message}`;
  return failedAction(row, run.target, {
    code: 'unverified',
    message: `it was not seen ${aim} in time: it ${why}`,
    hint: trouble?.hints[0] ?? 'it may well get there: --wait-timeout waits longer, the same command looks again',
  });
}
