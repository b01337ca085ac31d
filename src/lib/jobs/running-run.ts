import { readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatClaim, isAlive, newClaim, parseClaim } from '../locks/claim.ts';
import { runProcesses } from '../shell/run-processes.ts';
import type { JobFolder } from './job-folder.ts';

/** Who was its program is not known any more: only the id counts. */
const anyLeader = { leader: -1, startTicks: 0 };

/** Seconds in which a claim is written. */
const longestWrite = 10;

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
    const path = join(running, runId);
    const claim = parseClaim(readText(path));
    // It was killed while it wrote, before it started anything, or it is just about to.
    const changed = claim === undefined ? changedAt(path) : undefined;
    if (claim === undefined ? changed === undefined || isJustMade(changed) : isAlive(claim)) continue;
    if (runProcesses({ ...anyLeader, runId, self }).length > 0) continue;
    left.push({ runId, startedAt: claim?.since ?? changed! });
  }
  return left.toSorted((one, other) => one.startedAt - other.startedAt);
}

/** Unix time in seconds; undefined for a file that is gone. */
function changedAt(path: string): number | undefined {
  const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return changed === undefined ? undefined : changed / 1000;
}

function isJustMade(changed: number): boolean {
  return Math.abs(Date.now() / 1000 - changed) < longestWrite;
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
