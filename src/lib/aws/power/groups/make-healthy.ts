import type { ItemError } from '../../../results/item-error.ts';
import type { GroupMember, GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { PowerRun } from '../power-run.ts';
import { setHealthy } from './group-calls.ts';
import { watchGroup } from './group-reads.ts';
import { rowsById } from './group-state.ts';
import { someIds } from './some-ids.ts';

/**
 * A check that was under way when the processes were suspended, or somebody's own, may have found members stopped: the
 * group would terminate them later, although they run again. Undefined when all that run count as healthy.
 */
export async function makeHealthy(
  group: GroupRow,
  rows: readonly InstanceRow[],
  run: PowerRun,
): Promise<ItemError | undefined> {
  const byId = rowsById(rows);
  const unhealthy = (now: GroupRow): readonly GroupMember[] =>
    now.members.filter(
      ({ id, lifecycle, health }) =>
        health === 'Unhealthy' && lifecycle === 'InService' && byId.get(id)?.state === 'running',
    );
  const found = unhealthy(group);
  if (found.length === 0) return undefined;
  for (const { id } of found) await setHealthy(run, id);
  let left = found;
  await watchGroup(run, group.name, (now) => ((left = unhealthy(now)).length === 0 ? true : undefined), { soon: true });
  if (left.length === 0) return undefined;
  return {
    code: 'unverified',
    message: `${someIds(left)} still counts as unhealthy: the group would terminate it, and stays suspended`,
    hint: 'the same command tries again',
  };
}
