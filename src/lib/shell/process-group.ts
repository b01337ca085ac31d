import { readdirSync } from 'node:fs';
import { isAlive, readProcessStat } from './process-stat.ts';

/**
 * Sends a signal to every process of a group, as kill(2) with a negative number does. Nothing happens when the group
 * is gone or belongs to another user. Throws RangeError for a number that would reach init, everybody or ourselves.
 */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  if (!Number.isSafeInteger(group) || group <= 1) throw new RangeError(`${group} is not a process group to signal`);
  if (group === readProcessStat('self')?.group) throw new RangeError(`process group ${group} is our own`);
  send(group, signal);
}

/**
 * Ends a process group: TERM, `graceSeconds` later KILL, until nobody is left or `abandonSeconds` more have passed.
 * Resolves with the pids that are still there then: they wait in the kernel (state D), or we may not signal them.
 */
export async function endGroup(
  group: number,
  limits: { graceSeconds: number; abandonSeconds: number },
): Promise<number[]> {
  signalGroup(group, 'SIGTERM');
  const stubborn = await membersAfter(group, limits.graceSeconds);
  if (stubborn.length === 0) return [];
  return membersAfter(group, limits.abandonSeconds, 'SIGKILL');
}

/** Who is left of a group when it is empty or `seconds` have passed. */
async function membersAfter(group: number, seconds: number, signal?: 'SIGKILL'): Promise<number[]> {
  const until = performance.now() + seconds * 1000;
  for (let pause = 2; ; pause = Math.min(pause * 2, 100)) {
    // More than once, because a member may have forked while the signal was on its way.
    if (signal !== undefined) signalGroup(group, signal);
    const members = groupMembers(group);
    const left = until - performance.now();
    if (members.length === 0 || left <= 0) return members;
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, left)));
  }
}

/**
 * The processes of a group that live. Zombies do not count: they stay for ever where process 1 does not reap, as in
 * many containers. Without a readable /proc the group's own number stands for all of its members.
 */
export function groupMembers(group: number): number[] {
  if (send(group, 0) === 'gone') return [];
  // The leader alone answers most questions; the walk through /proc is for what a dead leader left behind.
  if (isAlive(readProcessStat(group))) return [group];
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [group];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = readProcessStat(pid);
      return stat?.group === group && isAlive(stat);
    });
}

function send(group: number, signal: NodeJS.Signals | 0): 'sent' | 'gone' | 'refused' {
  try {
    process.kill(-group, signal);
    return 'sent';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') return 'gone';
    if (code === 'EPERM') return 'refused';
    throw error;
  }
}
