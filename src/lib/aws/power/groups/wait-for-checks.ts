import { UserError } from '../../../errors/user-error.ts';
import type { ItemError } from '../../../results/item-error.ts';
import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import { healthOf } from '../../read/instance-health.ts';
import type { PowerRun } from '../power-run.ts';
import { activeMembers, rowsOf, type SuspendMark } from './group-state.ts';
import { someIds } from './some-ids.ts';

const firstPause = 5;
const longestPause = 15;
const pauseGrowth = 1.5;

/**
 * Waits until the members that were started since the group was stopped pass their status checks: the group takes one
 * that does not for unhealthy, and terminates it. Undefined when they do. What is not told of any more is gone.
 */
export async function waitForChecks(
  group: GroupRow,
  rows: readonly InstanceRow[],
  mark: SuspendMark,
  run: PowerRun,
): Promise<ItemError | undefined> {
  const started = rowsOf(activeMembers(group), rows).filter(
    (row) => row.state === 'running' && row.launchedAt >= mark.at,
  );
  let waiting: readonly { id: string }[] = started;
  for (let wait = firstPause; waiting.length > 0; wait = Math.min(longestPause, wait * pauseGrowth)) {
    let trouble: UserError | undefined;
    let isImpaired = false;
    try {
      const health = await healthOf(
        run.target,
        waiting.map(({ id }) => id),
        { signal: run.signal },
      );
      waiting = waiting.filter(({ id }) => health.has(id) && health.get(id) !== 'ok');
      isImpaired = waiting.some(({ id }) => health.get(id) === 'impaired');
    } catch (error) {
      run.signal.throwIfAborted();
      if (!(error instanceof UserError) || error.code === 'permission') throw error;
      trouble = error;
    }
    if (waiting.length === 0) return undefined;
    if (run.monotonic() + wait > run.deadline) {
      if (trouble !== undefined) throw trouble;
      return {
        code: isImpaired ? 'impaired' : 'unverified',
        message:
          `${someIds(waiting)} did not pass the status checks in time: the group would terminate what fails them, and ` +
          'stays suspended',
        hint: 'the same command looks again; --wait-timeout waits longer',
      };
    }
    await run.pause(wait, run.signal);
  }
  return undefined;
}
