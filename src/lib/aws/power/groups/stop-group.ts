import { itemError } from '../../../results/item-error.ts';
import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { PowerAction } from '../power-action.ts';
import type { PowerRun } from '../power-run.ts';
import { stopRows } from '../stop-rows.ts';
import { readGroup } from './group-reads.ts';
import { groupFailed, unreadableMark } from './group-record.ts';
import type { GroupMode, PowerRows, StopRequest } from './group-request.ts';
import { suspendGroup } from './suspend-group.ts';
import { zeroGroup } from './zero-group.ts';

export type StopOptions = StopRequest & { stopRows?: PowerRows };

/**
 * Stops a group: everything is read again first, and what is found then decides. Yields a record for each member (mode
 * suspend), then one for the group. Throws only when `run.signal` aborts.
 * @param members As they were planned.
 */
export async function* stopGroup(
  group: GroupRow,
  members: readonly InstanceRow[],
  mode: GroupMode,
  run: PowerRun,
  options: StopOptions = {},
): AsyncGenerator<PowerAction | FailedAction> {
  const { stopRows: stop = stopRows, ...request } = options;
  try {
    const current = await readGroup(run, group.name);
    const unreadable = unreadableMark(current, run.target);
    if (unreadable !== undefined) yield unreadable;
    else if (mode === 'zero') yield* zeroGroup(current, members, request, run);
    else yield* suspendGroup(current, members, { ...request, hibernate: run.hibernate }, run, stop);
  } catch (error) {
    run.signal.throwIfAborted();
    yield groupFailed(group, run.target, itemError(error));
  }
}
