import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, type KillWorld, openKillWorld, type WorldJob } from './kill-world.ts';
import { mistakesOf } from './told-all.ts';

export interface KillReport {
  kills: number;
  /** Runs in the history: all, and those whose end was told by the next one. */
  runs: number;
  lost: number;
  /** Starts that found the lock taken. */
  busy: number;
  mails: number;
  /** What must not be; empty when all is well. */
  mistakes: string[];
}

const longestWait = 15_000;

/**
 * Starts runs of one job, one or two at once, kills their devops at moments spread over the whole of a run, lets the mail
 * server come and go, and tells what was lost, left or doubled.
 */
export async function killAtRandom(job: WorldJob, wanted: number, random: () => number): Promise<KillReport> {
  const world = await openKillWorld(job);
  const seen: string[] = [];
  try {
    let longest = await timeOf(world);
    const count = { started: 0, kills: 0, busy: 0, lines: 0 };
    while (count.kills < wanted) {
      if (random() < 0.25) await world.serverIs(random() < 0.5 ? 'up' : 'down');
      for (let added = Math.floor(random() * 3); added > 0; added--) world.addToLog(`line-${++count.lines}`);
      // Each its own exit code, or the second of two would only repeat what was just told.
      const settings = () => ({
        NAP: (random() * 0.3).toFixed(3),
        CODE: random() < 0.4 ? '0' : codeOf(count.started++),
      });
      const started = performance.now();
      const runs = Array.from({ length: random() < 0.25 ? 2 : 1 }, () => world.start(['run', job], settings()));
      const ends = runs.map(async (run) => {
        const fate = random();
        if (fate < 0.4) setTimeout(run.kill, random() * longest);
        // Most of a run is the start of a program, in which nothing can be lost.
        else if (fate < 0.9) {
          await until(() => world.hasBegun(run.pid) || run.hasEnded());
          setTimeout(run.kill, random() * Math.max(100, longest - (performance.now() - started)));
        }
        const end = await run.ended;
        if (end.code === null) count.kills++;
        else longest = Math.max(longest * 0.9, performance.now() - started);
        if (end.code === 75) count.busy++;
        return end;
      });
      seen.push(...oddEnds(await Promise.all(ends)));
      seen.push(...(await lookAtLock(world, random() < 0.5)));
    }
    await world.serverIs('up');
    await until(() => !world.isInside());
    // What is kept back for the reminder is due a second later.
    for (let last = 0; last < 2; last++) {
      const { code, stderr } = await world.start(['run', job], { NAP: '0', CODE: '0' }).ended;
      if (code !== 0 && code !== 1) seen.push(`the last run ended with ${code}: ${stderr}`);
      await sleep(1100);
    }
    await world.start(['run', job], { NAP: '0', CODE: '0' }).ended;
    const { code, stderr } = await world.start(['notify', 'flush', '--all']).ended;
    if (code !== 0) seen.push(`the flush ended with ${code}: ${stderr}`);
    seen.push(...(await lookAtLock(world, true)), ...mistakesOf(world, job, count.lines));
    const { runs } = world.history();
    const lost = runs.filter(({ state }) => state === 'interrupted').length;
    return {
      kills: count.kills,
      busy: count.busy,
      runs: runs.length,
      lost,
      mails: world.mails().length,
      mistakes: seen,
    };
  } finally {
    await until(() => !world.isInside());
    await world.close();
  }
}

/** A run that nobody cuts, in milliseconds. */
async function timeOf(world: KillWorld): Promise<number> {
  const began = performance.now();
  await world.start(['notify', 'flush']).ended;
  return (performance.now() - began) * 3;
}

/** No failure but 75 that repeats soon, for one that was told is not told again. */
function codeOf(started: number): string {
  return String(3 + (started % 70));
}

function oddEnds(ends: readonly Ended[]): string[] {
  return ends
    .filter(({ code, stderr }) => code === 2 || code === 125 || /^\s+at /m.test(stderr))
    .map(({ code, stderr }) => `a run ended with ${code}: ${stderr}`);
}

/** Busy as long as the job lives, whoever was killed; free soon after. */
async function lookAtLock(world: KillWorld, toTheEnd: boolean): Promise<string[]> {
  if (world.isInside()) {
    const isLocked = world.isLocked(world.lockFile);
    // It may have come to its end while we asked.
    if (!isLocked && world.isInside()) return ['the lock was free while the job went on'];
  }
  if (!toTheEnd) return [];
  const isFree = await until(() => !world.isInside() && !world.isLocked(world.lockFile));
  return isFree ? [] : ['the lock is held by nobody'];
}

async function until(isTrue: () => boolean): Promise<boolean> {
  for (const began = performance.now(); performance.now() - began < longestWait; await sleep(5)) {
    if (isTrue()) return true;
  }
  return false;
}
