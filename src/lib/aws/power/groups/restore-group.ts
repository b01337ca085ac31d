import { itemError } from '../../../results/item-error.ts';
import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { FailedAction } from '../failed-action.ts';
import type { PowerAction } from '../power-action.ts';
import type { PowerRun } from '../power-run.ts';
import { startRows } from '../start-rows.ts';
import { decideRestore } from './decide-restore.ts';
import { readGroup } from './group-reads.ts';
import { groupFailed, groupLeftAlone, unreadableMark } from './group-record.ts';
import type { PowerRows, RestoreRequest } from './group-request.ts';
import { rescaleGroup } from './rescale-group.ts';
import { resumeGroup } from './resume-group.ts';

export type RestoreOptions = RestoreRequest & { startRows?: PowerRows };

/**
 * Brings a group back to what its tag remembers: everything is read again first, and what is found then decides. Yields
 * a record for each member (mode suspend), then one for the group. Throws only when `run.signal` aborts.
 * @param members As they were planned.
 */
export async function* restoreGroup(
  group: GroupRow,
  members: readonly InstanceRow[],
  run: PowerRun,
  options: RestoreOptions = {},
): AsyncGenerator<PowerAction | FailedAction> {
  const { startRows: start = startRows, ...request } = options;
  try {
    const current = await readGroup(run, group.name);
    const unreadable = unreadableMark(current, run.target);
    if (unreadable !== undefined) {
      yield unreadable;
      return;
    }
    const mark = decideRestore(current, request);
    if ('code' in mark) yield groupLeftAlone(current, run.target, mark);
    else if (mark.mode === 'zero') yield* rescaleGroup(current, mark, run);
    else yield* resumeGroup(current, members, mark, run, start);
  } catch (error) {
    run.signal.throwIfAborted();
    yield groupFailed(group, run.target, itemError(error));
  }
}
