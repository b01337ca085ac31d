import { readdirSync, readFileSync } from 'node:fs';
import { groupMembers } from './process-group.ts';
import { isAlive, readProcessStat } from './process-stat.ts';
import { carriesMark } from './run-mark.ts';

/** By what the processes of a run are known. */
export interface RunIdentity {
  /** The program itself: also the number of its process group and of its session. */
  leader: number;
  /** When it started, see ProcessStat; undefined when there is no /proc. */
  startTicks: number | undefined;
  /** Undefined: only its process group counts. */
  runId: string | undefined;
  /** Ourselves. */
  self: number;
}

export interface RunProcess {
  pid: number;
  isInGroup: boolean;
}

/**
 * The living processes of a run: those of its session, whatever group they are in, and those that carry its id in their
 * environment, which finds daemons too (setsid(2), forked twice, all descriptors closed). Never ourselves, and nobody
 * who started before the run.
 *
 * Two kinds are not found: who both left the session and cleared its environment (`env -i setsid ...`), and who runs
 * as another user than we do, whose environment we may not read unless we are root. Where all of that has to end,
 * systemd does it (KillMode=control-group), or a container. Without a readable /proc the group is all that is known.
 */
export function runProcesses(run: RunIdentity): RunProcess[] {
  const { startTicks } = run;
  if (startTicks === undefined) return groupMembers(run.leader).map((pid) => ({ pid, isInGroup: true }));
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  const found: RunProcess[] = [];
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const pid = Number(name);
    if (pid === run.self || pid <= 1) continue;
    // The age is asked first: it spares us most environments, and reading one may block on a process in state D.
    const stat = readProcessStat(pid);
    if (stat === undefined || !isAlive(stat) || stat.startTicks < startTicks) continue;
    const isInGroup = stat.group === run.leader;
    const isOurs = isInGroup || (run.runId !== undefined && (stat.session === run.leader || isMarked(pid, run.runId)));
    if (isOurs) found.push({ pid, isInGroup });
  }
  return found;
}

/** Whether the program itself lives; without a /proc, whether anybody in its group does. */
export function leaderLives(run: RunIdentity): boolean {
  if (run.startTicks === undefined) return groupMembers(run.leader).length > 0;
  return isAlive(readProcessStat(run.leader));
}

function isMarked(pid: number, runId: string): boolean {
  try {
    return carriesMark(readFileSync(`/proc/${pid}/environ`), runId);
  } catch {
    return false;
  }
}
