import { itemError } from '../../results/item-error.ts';
import { isGlob } from '../../text/glob.ts';
import type { GroupRow } from '../group-row.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { AwsTarget } from '../target.ts';
import { findGroups, findInstances, findNamedGroups, membersOf, missingIds } from './find-rows.ts';
import { groupFailed, groupLeftAlone } from './groups/group-record.ts';
import type { GroupPlan, RestoreRequest } from './groups/group-request.ts';
import { planRestoreGroup } from './groups/plan-restore-group.ts';
import { leftAlone, memberTag } from './instance-action.ts';
import { ownSchedules } from './own-schedules.ts';
import { fitsTags, hasKeys, isNamedGroup, questionOf, type Selection } from './parse-selection.ts';
import { planStart, type StartPolicy, stopMarkOf } from './plan-start.ts';
import { groupTag, stoppedTag } from './remember.ts';
import { spentMarks } from './spent-marks.ts';
import { isAnnounced, joinPlan, type TargetPlan } from './target-plan.ts';
import type { Wanted, WantedState } from './wanted-schedule.ts';

export interface StartSettings {
  selection: Selection;
  wanted: Wanted;
  /** Only what this run has stopped. */
  run: string | undefined;
  /** false with --group-members skip: groups are not even asked for. */
  withGroups: boolean;
  signal: AbortSignal;
  now(): Date;
}

/** Asks one region for what was stopped, and decides. Throws callFailure's UserError. */
export async function planStartIn(target: AwsTarget, settings: StartSettings): Promise<TargetPlan> {
  const { selection, wanted, signal } = settings;
  const only = onlyOf(settings);
  const keys = [
    ...(only === 'any' ? [] : [stoppedTag]),
    ...(wanted.kind === 'tag' ? [wanted.key] : []),
    ...selection.keys,
  ];
  const [all, marked] = await Promise.all([
    findInstances(target, questionOf(selection, keys), signal),
    only === 'any' || !settings.withGroups
      ? []
      : findGroups(target, { filters: [{ name: 'tag-key', values: [groupTag] }] }, signal),
  ]);
  const tagged = all.filter(({ tags }) => hasKeys(tags, keys)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const found = tagged.filter((row) => isOfRun(row, settings));
  const own = wanted.kind === 'tag' ? ownSchedules(found, wanted, 'on', target) : undefined;
  const rows = own === undefined ? found : found.filter(({ id }) => own.states.has(id));
  const decided = await planGroups(target, marked, tagged, settings);
  const groups = decided.filter((group) => isGroupOfRun(group, settings));
  // Also of those that are not told: its members come back with their group, or not at all.
  const grouped = new Set(decided.map(({ group }) => group.name));
  const single = rows.filter(({ tags }) => !grouped.has(tags.get(memberTag) ?? ''));
  const isOut = (row: InstanceRow) => own?.states.get(row.id)?.desired === 'none';
  const planned = planStart(single, { place: target, only, now: settings.now().getTime() / 1000, optedOut: isOut }).map(
    (record, at) => {
      const row = single[at]!;
      const isStale = own?.states.get(row.id)?.isStale === true && isAnnounced(record);
      const reason = 'its own schedule has switched since this run was due';
      return { row, record: isStale ? leftAlone(row, target, 'stale-event', reason) : record };
    },
  );
  const plan = joinPlan(target, {
    instances: planned,
    groups: groups.map(({ group, members, plan: { action, members: plannedMembers } }) => ({
      group,
      members,
      action,
      plannedMembers,
      changes: Math.max(1, plannedMembers.filter(isAnnounced).length),
    })),
    ...(own === undefined ? {} : { errors: own.errors }),
    spent: spentMarks(single, settings),
    missing: [
      ...missingIds(selection, await named(target, all, settings, only)),
      ...(await missingGroups(target, settings, decided)),
    ],
  });
  return { ...plan, isFound: plan.isFound || found.length > 0 || (await fitsAnything(target, settings)) };
}

/** What another run has stopped is no business of --run, unless it was named. A mark that cannot be read is told. */
function isOfRun(row: InstanceRow, { run, selection }: Pick<StartSettings, 'run' | 'selection'>): boolean {
  if (run === undefined || selection.groups.length > 0 || selection.ids.includes(row.id)) return true;
  try {
    return stopMarkOf(row)?.run === run;
  } catch {
    return true;
  }
}

/** Also a group of another run that this one has stopped a member of. */
function isGroupOfRun(
  { group, members, plan }: { group: GroupRow; members: readonly InstanceRow[]; plan: GroupPlan },
  settings: StartSettings,
): boolean {
  const isOther = 'code' in plan.action && plan.action.code === 'other-run';
  if (!isOther || isNamedGroup(settings.selection, group.name)) return true;
  return members.some((row) => row.tags.has(stoppedTag) && isOfRun(row, settings));
}

function onlyOf({ run, wanted, selection }: StartSettings): StartPolicy['only'] {
  if (run !== undefined) return { run };
  if (wanted.kind !== 'none') return { by: wanted.by };
  return selection.groups.length > 0 ? 'marked' : 'any';
}

/** Of named ids those without a mark were not asked for: only those that do not exist are missing. */
async function named(
  target: AwsTarget,
  rows: readonly InstanceRow[],
  { selection, signal }: StartSettings,
  only: StartPolicy['only'],
): Promise<readonly InstanceRow[]> {
  const ids = missingIds(selection, rows);
  return only === 'any' || ids.length === 0 ? rows : [...rows, ...(await findInstances(target, { ids }, signal))];
}

/** Nothing to bring back is the usual case; selectors that mean nothing at all are a mistake. */
async function fitsAnything(target: AwsTarget, { selection, signal, run }: StartSettings): Promise<boolean> {
  const { tags, keys, filters, groups, ids } = selection;
  if (run !== undefined) return false;
  // Ids and names of groups that there are not are told one by one.
  if (ids.length > 0) return true;
  if (groups.some(isGlob)) return (await findNamedGroups(target, selection, signal)).length > 0;
  if (groups.length > 0 || tags.length + keys.length + filters.length === 0) return true;
  const rows = await findInstances(target, questionOf(selection), signal);
  return rows.some((row) => hasKeys(row.tags, keys));
}

async function planGroups(
  target: AwsTarget,
  marked: readonly GroupRow[],
  rows: readonly InstanceRow[],
  settings: StartSettings,
): Promise<readonly { group: GroupRow; members: readonly InstanceRow[]; plan: GroupPlan }[]> {
  const { selection, wanted, signal } = settings;
  const decided: { group: GroupRow; members: readonly InstanceRow[]; plan: GroupPlan }[] = [];
  const fitting = await fittingMembers(target, marked, settings);
  for (const group of marked) {
    const members = await membersOf(target, group, rows, signal);
    if (!isSelected(group, members, fitting, selection)) continue;
    let plan: GroupPlan | undefined;
    try {
      const state = wanted.kind === 'tag' ? groupState(group, members, wanted) : undefined;
      // Without the tag it is no business of this run, and neither is one that is off.
      if (wanted.kind === 'tag' && (state === undefined || state.desired === 'off')) continue;
      plan = leftByState(group, target, state);
    } catch (error) {
      plan = { action: groupFailed(group, target, itemError(error, 'malformed-schedule')), members: [] };
    }
    plan ??= planRestoreGroup(
      group,
      members,
      { ...restoreRequest(settings), now: settings.now().getTime() / 1000 },
      target,
    );
    decided.push({ group, members, plan });
  }
  return decided;
}

/** What a restore of a group has to agree with. */
export function restoreRequest({ run, wanted }: Pick<StartSettings, 'run' | 'wanted'>): RestoreRequest {
  if (run !== undefined) return { run };
  return wanted.kind === 'none' ? {} : { by: wanted.by };
}

/** Ids of what --filters and ids mean, marked or not: a member that runs has no mark. */
async function fittingMembers(
  target: AwsTarget,
  marked: readonly GroupRow[],
  { selection, signal }: StartSettings,
): Promise<ReadonlySet<string>> {
  if (selection.filters.length + selection.ids.length === 0) return new Set();
  if (marked.every(({ members }) => members.length === 0)) return new Set();
  const rows = await findInstances(target, questionOf(selection), signal);
  return new Set(rows.filter(({ tags }) => hasKeys(tags, selection.keys)).map(({ id }) => id));
}

/**
 * By its name, by its tags, which members inherit, or by a living member: at the stop they were all meant. One that has
 * none left fits every filter that is not about tags, or nothing would ever bring it back.
 */
function isSelected(
  group: GroupRow,
  members: readonly InstanceRow[],
  fitting: ReadonlySet<string>,
  selection: Selection,
): boolean {
  const { groups, tags, keys, filters, ids } = selection;
  if (groups.length > 0 && !isNamedGroup(selection, group.name)) return false;
  if (tags.length + keys.length + filters.length + ids.length === 0) return true;
  if (filters.length + ids.length === 0) {
    return fitsTags(selection, group.tags) || members.some((row) => fitsTags(selection, row.tags));
  }
  const living = members.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');
  if (living.length > 0) return living.some(({ id }) => fitting.has(id));
  return (
    ids.length === 0 &&
    fitsTags({ ...selection, tags: [...tags, ...filters.filter(({ name }) => name.startsWith('tag:'))] }, group.tags)
  );
}

function groupState(
  group: GroupRow,
  members: readonly InstanceRow[],
  { key, stateOf }: Extract<Wanted, { kind: 'tag' }>,
): WantedState | undefined {
  const value = group.tags.get(key) ?? members.find(({ tags }) => tags.has(key))?.tags.get(key);
  return value === undefined ? undefined : stateOf(value);
}

function leftByState(group: GroupRow, target: AwsTarget, state: WantedState | undefined): GroupPlan | undefined {
  if (state?.desired === 'none') {
    const reason = 'its own schedule has nothing to say';
    return { action: groupLeftAlone(group, target, { code: 'opted-out', reason }), members: [] };
  }
  if (state?.isStale !== true) return undefined;
  const reason = 'its own schedule has switched since this run was due';
  return { action: groupLeftAlone(group, target, { code: 'stale-event', reason }), members: [] };
}

async function missingGroups(
  target: AwsTarget,
  { selection, signal }: StartSettings,
  planned: readonly { group: GroupRow }[],
): Promise<readonly string[]> {
  const present = new Set(planned.map(({ group }) => group.name));
  const names = selection.groups.filter((name) => !isGlob(name) && !present.has(name));
  if (names.length === 0) return [];
  const found = new Set((await findGroups(target, { names }, signal)).map(({ name }) => name));
  return names.filter((name) => !found.has(name));
}
