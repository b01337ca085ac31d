import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import { isProtected } from '../plan-stop.ts';
import { protectTag, type StopMark } from '../remember.ts';
import type { Refusal } from './group-record.ts';

/** What keeps a group from being stopped in either mode. */
export function whyNoStop(group: GroupRow): Refusal | undefined {
  if (group.status !== undefined) return { code: 'being-deleted', reason: `is marked: ${group.status}` };
  if (isProtected(group)) return { code: 'protected', reason: `has the tag ${protectTag}` };
  return undefined;
}

/**
 * Whether somebody has woken the group since the schedule switched. Groups launch members on their own, so one young
 * member says nothing; all of them say it, as those of a group that was restored, or scaled up from zero, are young.
 * With a mark of this transition that is not in force, the stop was killed before it had begun, or the group was
 * restored since: the first where a member is older than the mark.
 */
export function startedSince(
  running: readonly InstanceRow[],
  mark: StopMark | undefined,
  since: number,
): Refusal | undefined {
  const isStopped = mark !== undefined && mark.at >= since;
  const from = isStopped ? mark.at + 1 : since;
  const isWoken = running.every(({ launchedAt }) => launchedAt >= from) && (isStopped || running.length > 0);
  if (!isWoken) return undefined;
  const moment = new Date(from * 1000).toISOString().replace(/\.\d+/, '');
  return { code: 'started-since', reason: `all its members were started after ${moment}: see --enforce` };
}
