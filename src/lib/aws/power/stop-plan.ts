import type { Logger } from '../../log/logger.ts';
import { isGlob } from '../../text/glob.ts';
import type { GroupRow } from '../group-row.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { AwsTarget } from '../target.ts';
import { findGroups, findInstances, findNamedGroups, groupNames, membersOf, missingIds } from './find-rows.ts';
import { groupLeftAlone } from './groups/group-record.ts';
import type { GroupMode, GroupPlan } from './groups/group-request.ts';
import { planStopGroup } from './groups/plan-stop-group.ts';
import { leftAlone, memberTag } from './instance-action.ts';
import { ownSchedules } from './own-schedules.ts';
import { hasKeys, questionOf, type Selection } from './parse-selection.ts';
import { isProtected, planStop } from './plan-stop.ts';
import { oneTimeRequests } from './spot-requests.ts';
import { isAnnounced, joinPlan, type TargetPlan } from './target-plan.ts';
import type { Wanted, WantedState } from './wanted-schedule.ts';

export interface StopSettings {
  selection: Selection;
  wanted: Wanted;
  enforce: boolean;
  hibernate: boolean;
  groupMembers: 'skip' | GroupMode;
  ownId: string | undefined;
  signal: AbortSignal;
  log: Logger;
}

type Named = { group: GroupRow; members: readonly InstanceRow[]; plan: GroupPlan; since: number | undefined };

/** Asks one region for what is selected, and decides. Throws callFailure's UserError. */
export async function planStopIn(target: AwsTarget, settings: StopSettings): Promise<TargetPlan> {
  const { selection, wanted, groupMembers, signal } = settings;
  const keys = wanted.kind === 'tag' ? [wanted.key, ...selection.keys] : selection.keys;
  const all = await findInstances(target, questionOf(selection, keys), signal);
  const found = all.filter(({ tags }) => hasKeys(tags, keys)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const own = wanted.kind === 'tag' ? ownSchedules(found, wanted, 'off', target) : undefined;
  const rows = own === undefined ? found : found.filter(({ id }) => own.states.has(id));
  const stateOf = (row: InstanceRow): WantedState | undefined => {
    if (wanted.kind === 'words') return { ...wanted.state, isStale: false };
    return own?.states.get(row.id);
  };
  const groups = groupMembers === 'skip' ? [] : await planGroups(target, rows, groupMembers, settings, stateOf);
  const grouped = new Set(groups.map(({ group }) => group.name));
  const single = rows.filter(({ state, tags }) => {
    const name = tags.get(memberTag);
    return name === undefined || !grouped.has(name) || state === 'terminated' || state === 'shutting-down';
  });
  const { enforce, hibernate, ownId } = settings;
  const once = await oneTimeRequests(single, { target, signal, log: settings.log });
  const policy = {
    place: target,
    ownId,
    enforce,
    hibernate,
    groupMembers: 'skip',
    oneTimeRequests: once,
    stateOf,
  } as const;
  const planned = planStop(single, policy).map((record, at) => {
    const row = single[at]!;
    const isStale = stateOf(row)?.isStale === true && isAnnounced(record);
    const reason = 'its own schedule has switched since this run was due';
    return { row, record: isStale ? leftAlone(row, target, 'stale-event', reason) : record };
  });
  const plan = joinPlan(target, {
    instances: planned,
    groups: groups.map(({ group, members, since, plan: { action, members: plannedMembers } }) => ({
      group,
      members,
      since,
      action,
      plannedMembers,
      changes: Math.max(1, plannedMembers.length === 0 ? members.length : plannedMembers.filter(isAnnounced).length),
    })),
    ...(own === undefined ? {} : { errors: own.errors }),
    missing: [...missingIds(selection, all), ...(await missingGroups(target, settings, found, grouped))],
  });
  return { ...plan, isFound: plan.isFound || found.length > 0 };
}

/** Groups are decided as a whole: a member that was not selected is never touched. */
async function planGroups(
  target: AwsTarget,
  rows: readonly InstanceRow[],
  mode: GroupMode,
  settings: StopSettings,
  stateOf: (row: InstanceRow) => WantedState | undefined,
): Promise<readonly Named[]> {
  const { selection, signal, enforce, hibernate, ownId } = settings;
  const named = await findNamedGroups(target, selection, signal);
  const known = new Set(named.map(({ name }) => name));
  const names = groupNames(rows).filter((name) => !known.has(name));
  const others = names.length === 0 ? [] : await findGroups(target, { names }, signal);
  const selected = new Map(rows.map((row) => [row.id, row]));
  const decided: Named[] = [];
  for (const group of [...named, ...others]) {
    const members = await membersOf(target, group, rows, signal);
    const states = members.flatMap((row) => stateOf(row) ?? []);
    const [since] = states.flatMap((state) => state.since ?? []).toSorted((a, b) => b - a);
    const refusal = whyNotGroup(group, members, selected, settings, states);
    const request = { since, enforce, hibernate, ownInstanceId: ownId };
    const plan: GroupPlan =
      refusal === undefined
        ? planStopGroup(group, members, mode, request, target)
        : { action: groupLeftAlone(group, target, refusal), members: [] };
    decided.push({ group, members, plan, since });
  }
  return decided;
}

function whyNotGroup(
  group: GroupRow,
  members: readonly InstanceRow[],
  selected: ReadonlyMap<string, InstanceRow>,
  { ownId }: StopSettings,
  states: readonly WantedState[],
): Parameters<typeof groupLeftAlone>[2] | undefined {
  const unselected = group.members.filter(({ id }) => !selected.has(id)).length;
  if (unselected > 0) {
    const reason = `${unselected} of its ${group.members.length} members ${unselected === 1 ? 'is' : 'are'} not selected`;
    return { code: 'partly-selected', reason };
  }
  if (members.some(({ id }) => id === ownId)) return { code: 'itself', reason: 'devops runs on one of its members' };
  const held = members.find((row) => row.state === 'running' && isProtected(row));
  if (held !== undefined) return { code: 'protected', reason: `its member ${held.id} has the tag devops:protect` };
  if (states.some(({ desired }) => desired === 'none')) {
    return { code: 'opted-out', reason: 'the schedule of a member has nothing to say' };
  }
  if (states.some(({ isStale }) => isStale)) {
    return { code: 'stale-event', reason: 'the schedule of a member has switched since this run was due' };
  }
  return undefined;
}

/** Names of groups that no member bears; a group may be empty, so they are asked for. */
async function missingGroups(
  target: AwsTarget,
  { selection, signal }: StopSettings,
  rows: readonly InstanceRow[],
  known: ReadonlySet<string>,
): Promise<readonly string[]> {
  const present = new Set([...known, ...groupNames(rows)]);
  const names = selection.groups.filter((name) => !isGlob(name) && !present.has(name));
  if (names.length === 0) return [];
  const found = new Set((await findGroups(target, { names }, signal)).map(({ name }) => name));
  return names.filter((name) => !found.has(name));
}
