import { isGlob } from '../../text/glob.ts';
import { describeGroups } from '../describe-groups.ts';
import { describeInstances } from '../describe-instances.ts';
import type { GroupRow } from '../group-row.ts';
import type { InstanceRow } from '../instance-row.ts';
import type { GroupQuestion, InstanceQuestion } from '../question.ts';
import type { AwsTarget } from '../target.ts';
import { memberTag } from './instance-action.ts';
import { isNamedGroup, type Selection } from './parse-selection.ts';

export async function findInstances(
  target: AwsTarget,
  question: InstanceQuestion,
  signal: AbortSignal,
): Promise<InstanceRow[]> {
  const found: InstanceRow[] = [];
  for await (const rows of describeInstances(target, question, { signal })) found.push(...rows);
  return found;
}

export async function findGroups(target: AwsTarget, question: GroupQuestion, signal: AbortSignal): Promise<GroupRow[]> {
  const found: GroupRow[] = [];
  for await (const groups of describeGroups(target, question, { signal })) found.push(...groups);
  return found;
}

/** The groups that --asg means. All have to be listed where one of the names is a glob. */
export async function findNamedGroups(
  target: AwsTarget,
  selection: Selection,
  signal: AbortSignal,
): Promise<GroupRow[]> {
  const { groups } = selection;
  if (groups.length === 0) return [];
  const found = await findGroups(target, groups.some(isGlob) ? {} : { names: groups }, signal);
  return found.filter(({ name }) => isNamedGroup(selection, name));
}

/** Rows of all members of a group: those at hand, and the others read. */
export async function membersOf(
  target: AwsTarget,
  group: GroupRow,
  atHand: readonly InstanceRow[],
  signal: AbortSignal,
): Promise<readonly InstanceRow[]> {
  const own = atHand.filter(({ tags }) => tags.get(memberTag) === group.name);
  const known = new Set(own.map(({ id }) => id));
  const ids = group.members.map(({ id }) => id).filter((id) => !known.has(id));
  return ids.length === 0 ? own : [...own, ...(await findInstances(target, { ids }, signal))];
}

/** What was asked for by its id and is not there. */
export function missingIds({ ids }: Selection, rows: readonly InstanceRow[]): readonly string[] {
  const known = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !known.has(id));
}

/** Names of groups that stand in tags, each once. */
export function groupNames(rows: readonly InstanceRow[]): readonly string[] {
  const names = rows
    .filter(({ state }) => state !== 'terminated' && state !== 'shutting-down')
    .map(({ tags }) => tags.get(memberTag));
  return [...new Set(names)].filter((name) => name !== undefined);
}
