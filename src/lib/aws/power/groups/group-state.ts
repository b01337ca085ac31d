import { UserError } from '../../../errors/user-error.ts';
import type { GroupMember, GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import { isSpent, stopMarkOf } from '../plan-start.ts';
import { formatGroupMark, groupTag, parseGroupMark, type GroupMark, type StopMark } from '../remember.ts';
import {
  processesOf,
  processLetters,
  processesWithout,
  suspendedProcesses,
  type GroupProcess,
} from './group-processes.ts';

export type SuspendMark = StopMark & {
  mode: 'suspend';
  /** Suspended by others before. */
  had: readonly GroupProcess[];
  /** A restore is about to resume the processes: whoever stops members now must not rely on the suspension. */
  isResuming: boolean;
};

/** Ends the letters of `had=`. */
const resumingLetter = 'r';

/** The tag's value. */
export function formatSuspendMark({ at, run, by, had, isResuming }: SuspendMark): string {
  return formatGroupMark({
    mode: 'suspend',
    at,
    run,
    by,
    had: `${processLetters(had)}${isResuming ? resumingLetter : ''}`,
  });
}
export type ZeroMark = Extract<GroupMark, { mode: 'zero' }>;

/** What the group remembers. Throws a UserError when its tag cannot be read. */
export function groupMarkOf(group: GroupRow): SuspendMark | ZeroMark | undefined {
  const value = group.tags.get(groupTag);
  if (value === undefined) return undefined;
  const mark = parseGroupMark(value);
  if (mark.mode === 'zero') return mark;
  const isResuming = mark.had.endsWith(resumingLetter);
  const had = processesOf(isResuming ? mark.had.slice(0, -1) : mark.had);
  if (had !== undefined) return { ...mark, had, isResuming };
  throw new UserError(`tag ${groupTag}: had=${mark.had} names a process that this devops does not know`, {
    code: 'unsupported',
    hints: ['it is left as it is: use a newer devops here too'],
  });
}

export function isAtZero({ min, desired }: GroupRow): boolean {
  return min === 0 && desired === 0;
}

/** Members that count: not those in Standby or in the warm pool, and not those on their way out. */
export function activeMembers(group: GroupRow): readonly GroupMember[] {
  return group.members.filter(({ lifecycle }) => lifecycle === 'InService' || lifecycle.startsWith('Pending'));
}

export function rowsById(rows: readonly InstanceRow[]): ReadonlyMap<string, InstanceRow> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** The rows of some members, in their order; without those that EC2 does not know any more. */
export function rowsOf(members: readonly GroupMember[], rows: readonly InstanceRow[]): readonly InstanceRow[] {
  const byId = rowsById(rows);
  return members.flatMap(({ id }) => byId.get(id) ?? []);
}

export function isStopped({ state }: InstanceRow): boolean {
  return state === 'stopped' || state === 'stopping';
}

/** Whether devops has stopped it and nobody has started it since. A tag that cannot be read is nobody's. */
export function isStoppedByUs(row: InstanceRow): boolean {
  try {
    const mark = stopMarkOf(row);
    return isStopped(row) && mark !== undefined && !isSpent(mark, row);
  } catch {
    return false;
  }
}

/**
 * The processes that the restore resumes: those that are suspended and were not before. Empty when the suspension that
 * the tag tells of is over: a restore that was killed before it could remove the tag has resumed them all, and whatever
 * is suspended now, somebody has suspended since. It counts as over when most of ours run again and no member waits to
 * be started. While it is in force, a process that somebody else suspends cannot be told from ours, and is resumed.
 */
export function processesToResume(
  mark: SuspendMark,
  group: GroupRow,
  rows: readonly InstanceRow[],
): readonly GroupProcess[] {
  const suspended = suspendedProcesses(group);
  const ours = processesWithout(mark.had);
  const left = ours.filter((process) => suspended.includes(process));
  return left.length * 2 > ours.length || rows.some(isStoppedByUs) ? left : [];
}

/** Whether the group is suspended by us right now. */
export function isSuspensionInForce(mark: SuspendMark, group: GroupRow, rows: readonly InstanceRow[]): boolean {
  if (processesToResume(mark, group, rows).length > 0) return true;
  // Somebody else had suspended everything before: only the members can tell.
  return processesWithout(mark.had).length === 0 && rows.some(isStoppedByUs);
}
