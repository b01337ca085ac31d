import { UserError } from '../../../errors/user-error.ts';
import { describeGroups } from '../../describe-groups.ts';
import { describeInstances } from '../../describe-instances.ts';
import type { GroupRow } from '../../group-row.ts';
import type { InstanceRow } from '../../instance-row.ts';
import type { PowerRun } from '../power-run.ts';

/** Throws a UserError when there is no such group any more. */
export async function readGroup(run: PowerRun, name: string): Promise<GroupRow> {
  for await (const rows of describeGroups(run.target, { names: [name] }, { signal: run.signal })) {
    const group = rows.find((row) => row.name === name);
    if (group !== undefined) return group;
  }
  throw new UserError(`${run.target.label}: there is no autoscaling group ${name} any more`, { code: 'not-found' });
}

/**
 * The members of a group as EC2 sees them. One that is missing from this answer is as it was known before: the API is
 * eventually consistent, and a stopped member that is overlooked once would be terminated by its group.
 */
export async function readMembers(
  run: PowerRun,
  group: GroupRow,
  known: readonly InstanceRow[],
): Promise<readonly InstanceRow[]> {
  const ids = group.members.map(({ id }) => id);
  const rows = new Map(known.map((row) => [row.id, row]));
  if (ids.length > 0) {
    for await (const page of describeInstances(run.target, { ids }, { signal: run.signal })) {
      for (const row of page) rows.set(row.id, row);
    }
  }
  return ids.flatMap((id) => rows.get(id) ?? []);
}

const firstPause = 1;
const longestPause = 15;
const pauseGrowth = 1.5;
/** Seconds for what AWS does at once and only shows late; also without --wait. */
const visibleWithin = 120;

/**
 * Reads the group until `judge` has a result; undefined when the time is over. A read that fails is tried again, and the
 * last one's UserError is thrown at the end.
 */
export async function watchGroup<Result>(
  run: PowerRun,
  name: string,
  judge: (group: GroupRow) => Result | undefined | Promise<Result | undefined>,
  { soon = false }: { soon?: boolean } = {},
): Promise<Result | undefined> {
  const end = soon ? Math.max(run.deadline, run.monotonic() + visibleWithin) : run.deadline;
  for (let wait = firstPause; ; wait = Math.min(longestPause, wait * pauseGrowth)) {
    let trouble: UserError | undefined;
    try {
      const result = await judge(await readGroup(run, name));
      if (result !== undefined) return result;
    } catch (error) {
      run.signal.throwIfAborted();
      if (!(error instanceof UserError) || error.code === 'not-found' || error.code === 'permission') throw error;
      run.log.debug(`${run.target.label}: ${error.message}`);
      trouble = error;
    }
    if (run.monotonic() + wait > end) {
      if (trouble !== undefined) throw trouble;
      return undefined;
    }
    await run.pause(wait, run.signal);
  }
}
