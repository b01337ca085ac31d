import { inParallel } from '../../concurrency/in-parallel.ts';
import { describeGroups } from '../describe-groups.ts';
import { describeAddresses, describeInstances } from '../describe-instances.ts';
import type { GroupRow } from '../group-row.ts';
import type { AddressRow, InstanceRow } from '../instance-row.ts';
import type { Filter, InstanceQuestion } from '../question.ts';
import { inPieces, questionsAtOnce } from '../read/pieces.ts';
import type { AwsTarget } from '../target.ts';
import type { MemberInstance } from './asg-address.ts';
import { groupQuestion, type GroupSelection, isExact, isSelected } from './group-selection.ts';
import { isIn, isWanted, type MemberConditions } from './member-conditions.ts';

/** What is asked of every region. */
export interface AddressQuestion {
  selection: GroupSelection;
  conditions: MemberConditions;
  /** Which tags of an instance are told. */
  tags: 'none' | readonly string[];
  /** Nothing of an instance is told but its address. */
  isBare: boolean;
}

/** What one region said, but for the instances themselves. */
export interface TargetAnswer {
  target: AwsTarget;
  /** Names of the groups that were found. */
  groups: readonly string[];
  /** Members of these groups, wanted or not. */
  members: number;
  /** Members that EC2 does not know, also when asked again. */
  missing: readonly string[];
}

/** Gets all that is known of the instance, unless the question was a bare one. */
export type TakeInstance = (row: AddressRow | InstanceRow, instance: MemberInstance | undefined) => void;

/** Names in one filter: EC2 takes 200 values in all filters together. */
const namesInFilter = 100;

/**
 * Finds the groups of one region and tells `take` of each of their members that is wanted, in no order. Where all names
 * are known, EC2 is asked at the same time as the groups are, and both answers are joined by the id: what EC2 shows with
 * the tag of a group that no longer has it (detached, being terminated) is not taken.
 *
 * Throws UserError when the region could not be asked; some instances may have been taken before.
 */
export async function askTarget(
  target: AwsTarget,
  { selection, conditions, tags, isBare }: AddressQuestion,
  take: TakeInstance,
  signal: AbortSignal,
): Promise<TargetAnswer> {
  // Whatever is still being asked is of no use when another question has failed.
  const rest = new AbortController();
  const options = { signal: AbortSignal.any([signal, rest.signal]), tags };
  const wanted = new Map<string, { member: MemberInstance['member']; group: GroupRow }>();
  const summary = { groups: [] as string[], members: 0 };

  const groupsKnown = (async () => {
    for await (const rows of describeGroups(target, groupQuestion(selection), options)) {
      for (const group of rows) {
        if (!isSelected(selection, group)) continue;
        summary.groups.push(group.name);
        summary.members += group.members.length;
        for (const member of group.members) {
          if (isWanted(member, conditions)) wanted.set(member.id, { member, group });
        }
      }
    }
  })();
  groupsKnown.catch(() => undefined);

  const ask = (question: InstanceQuestion): AsyncGenerator<readonly (AddressRow | InstanceRow)[]> =>
    isBare ? describeAddresses(target, question, options) : describeInstances(target, question, options);
  const join = (rows: readonly (AddressRow | InstanceRow)[]): void => {
    for (const row of rows) {
      const entry = wanted.get(row.id);
      if (entry === undefined) continue;
      wanted.delete(row.id);
      if (!isIn(conditions.states, row.state)) continue;
      take(row, 'tags' in row ? { row, member: entry.member, group: entry.group, target } : undefined);
    }
  };
  const askForNames = async (names: readonly string[]): Promise<void> => {
    const pages = ask({ filters: filtersFor(names, conditions) });
    // Asked now, read when it is known what is looked for: then no page has to be kept.
    const first = pages.next();
    first.catch(() => undefined);
    await groupsKnown;
    for (let page = await first; page.done !== true; page = await pages.next()) {
      join(page.value);
      if (wanted.size === 0) {
        await pages.return(undefined);
        return;
      }
    }
  };

  try {
    if (!isExact(selection)) await groupsKnown;
    const names = isExact(selection) ? [...selection.names] : summary.groups;
    for await (const _ of inParallel(inPieces(names, namesInFilter), questionsAtOnce, askForNames));
    await groupsKnown;
    if (wanted.size > 0) {
      // Stopped ones, which the filter left out, and new ones, which EC2 does not have at every place at once.
      for await (const rows of ask({ ids: [...wanted.keys()] })) join(rows);
    }
    const isLeaving = (id: string) => /^(?:Terminat|Detach)/.test(wanted.get(id)!.member.lifecycle);
    return { target, ...summary, missing: [...wanted.keys()].filter((id) => !isLeaving(id)) };
  } catch (error) {
    rest.abort(error);
    throw error;
  }
}

function filtersFor(names: readonly string[], { states }: MemberConditions): Filter[] {
  const filters: Filter[] = [{ name: 'tag:aws:autoscaling:groupName', values: names.map(literal) }];
  if (states !== undefined && states !== 'all') filters.push({ name: 'instance-state-name', values: [...states] });
  return filters;
}

/** EC2 reads globs in the values of filters. */
function literal(name: string): string {
  return name.replaceAll(/[\\*?]/g, String.raw`\$&`);
}
