import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatClaim, isAlive, newClaim, parseClaim } from '../locks/claim.ts';
import { runProcesses } from '../shell/run-processes.ts';
import type { JobFolder } from './job-folder.ts';

/** Who was its program is not known any more: only the id counts. */
const anyLeader = { leader: -1, startTicks: 0 };

/** A run that has begun: what is told of it when whoever watched it was killed. */
export interface RunningRun {
  runId: string;
  /** Unix time in seconds. */
  startedAt: number;
}

/** Remembers that a run has begun, until it is in the history. */
export function markRunning({ running }: JobFolder, run: RunningRun, pid: number, name: string): void {
  const claim = newClaim({ pid, now: run.startedAt, what: name });
  writeFileSync(join(running, run.runId), claim === undefined ? '' : formatClaim(claim), { flag: 'wx', mode: 0o600 });
}

export function unmarkRunning({ running }: JobFolder, runId: string): void {
  try {
    unlinkSync(join(running, runId));
  } catch {
    // Somebody else has told of it.
  }
}

/** Ids of runs that go on and are watched. Empty where there is no folder. */
export function watchedRuns({ running }: Pick<JobFolder, 'running'>): string[] {
  return runIdsIn(running).filter((runId) => {
    const claim = parseClaim(readText(join(running, runId)));
    return claim !== undefined && isAlive(claim);
  });
}

/**
 * Runs that nobody watches any more, oldest first: devops was killed, or the machine went down. One whose processes go
 * on is not among them: it is told when they have ended.
 */
export function leftRuns({ running }: JobFolder, self: number): RunningRun[] {
  const left: RunningRun[] = [];
  for (const runId of runIdsIn(running)) {
    const claim = parseClaim(readText(join(running, runId)));
    if (claim !== undefined && isAlive(claim)) continue;
    if (runProcesses({ ...anyLeader, runId, self }).length > 0) continue;
    left.push({ runId, startedAt: claim?.since ?? 0 });
  }
  return left.toSorted((one, other) => one.startedAt - other.startedAt);
}

function runIdsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^[\da-f-]{36}$/.test(name));
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 4096);
  } catch {
    return '';
  }
}
