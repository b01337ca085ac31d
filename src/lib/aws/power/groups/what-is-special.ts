import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import { someIds } from './some-ids.ts';

/** What the restore will have to deal with, or that the stop came too late for. */
export function whatIsSpecial(group: GroupRow, rows: readonly InstanceRow[]): string {
  const told: string[] = [];
  const running = rows.filter(({ state }) => state === 'running' || state === 'pending').length;
  if (running > 0) told.push(`${running} of ${rows.length} members still run`);
  const leaving = group.members.filter(({ lifecycle }) => lifecycle.startsWith('Terminating'));
  if (leaving.length > 0) told.push(`the group was terminating ${someIds(leaving)} already`);
  const unhealthy = group.members.filter((it) => it.health === 'Unhealthy' && it.lifecycle === 'InService');
  if (unhealthy.length > 0) told.push(`${someIds(unhealthy)} counts as unhealthy, which the restore mends`);
  if (group.hasWarmPool) told.push('its warm pool is left as it is');
  return told.join('; ');
}
