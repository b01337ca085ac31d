import { signalGroup } from './process-group.ts';
import { leaderLives, runProcesses } from './run-processes.ts';
import type { RunIdentity, RunProcess } from './run-processes.ts';

export interface EndRunOptions {
  /** What they get first; undefined: KILL at once. */
  signal: NodeJS.Signals | undefined;
  /** Time between that and KILL. */
  killAfterSeconds: number;
  /** How long KILL is repeated for whoever is still found. */
  abandonSeconds: number;
  /** Aborted: no more patience, KILL. */
  hurry?: AbortSignal | undefined;
}

export interface EndedRun {
  /** Somebody got KILL. */
  killed: boolean;
  /** Processes that were signalled one by one: they were outside the group, or there after the program itself was gone. */
  swept: number;
  /** Pids that are still there: they wait in the kernel (state D), or belong to another user. */
  survivors: number[];
}

/**
 * Ends all processes of a run, see `runProcesses`: first the signal for the program's group and for who has left it,
 * with CONT behind it for those that are stopped. What is left when the program itself is gone gets TERM, because many
 * of them ignore INT (a shell's background jobs) or HUP (nohup). After `killAfterSeconds` KILL, again and again, until
 * nobody is found any more.
 */
export async function endRun(run: RunIdentity, options: EndRunOptions): Promise<EndedRun> {
  const asked = new Map<number, NodeJS.Signals>();
  const swept = new Set<number>();
  const started = performance.now();
  // Who got another signal with the group has this time to follow it before TERM comes.
  const courtesy = Math.min(1000, (options.killAfterSeconds * 1000) / 2);
  let killed = false;

  /** Returns whether somebody is left. */
  function ask(signal: NodeJS.Signals): boolean {
    if (leaderLives(run)) {
      if (!asked.has(run.leader)) askAll(signal);
      return true;
    }
    const left = everybody(run);
    for (const { pid } of left) {
      const before = asked.get(pid);
      const isDue = before === undefined || performance.now() - started >= courtesy;
      if (before !== 'SIGTERM' && isDue) askOne(pid, 'SIGTERM');
    }
    return left.length > 0;
  }

  function askAll(signal: NodeJS.Signals): void {
    asked.set(run.leader, signal);
    const processes = runProcesses(run);
    for (const each of [signal, 'SIGCONT'] as const) signalGroup(run.leader, each);
    for (const { pid, isInGroup } of processes) {
      // A second TERM makes many programs leave their cleaning up undone.
      if (isInGroup) asked.set(pid, signal);
      else askOne(pid, signal);
    }
  }

  function askOne(pid: number, signal: NodeJS.Signals): void {
    asked.set(pid, signal);
    swept.add(pid);
    for (const each of [signal, 'SIGCONT'] as const) send(pid, each);
  }

  function kill(): boolean {
    const left = everybody(run);
    const isLed = left.some(({ pid }) => pid === run.leader);
    // The group as a whole first: whoever forks meanwhile is in it.
    if (left.some(({ isInGroup }) => isInGroup)) signalGroup(run.leader, 'SIGKILL');
    for (const { pid, isInGroup } of left) {
      if (!isInGroup || !isLed) swept.add(pid);
      send(pid, 'SIGKILL');
      killed = true;
    }
    return left.length > 0;
  }

  const { signal } = options;
  if (signal !== undefined && options.hurry?.aborted !== true) {
    const isEmpty = await emptyWithin(options.killAfterSeconds, () => ask(signal), options.hurry);
    if (isEmpty) return { killed, swept: swept.size, survivors: [] };
  }
  const isEmpty = await emptyWithin(options.abandonSeconds, kill);
  return { killed, swept: swept.size, survivors: isEmpty ? [] : everybody(run).map(({ pid }) => pid) };
}

/** Looks twice before it says nobody: who forks and exits between the list of /proc and the look at it is missed once. */
function everybody(run: RunIdentity): RunProcess[] {
  const found = runProcesses(run);
  return found.length > 0 ? found : runProcesses(run);
}

/** Calls `act` at once and then ever less often, until nobody is left (true), the time is over or `hurry` aborts. */
async function emptyWithin(seconds: number, act: () => boolean, hurry?: AbortSignal): Promise<boolean> {
  const until = performance.now() + seconds * 1000;
  for (let pause = 2; ; pause = Math.min(pause * 2, 100)) {
    if (!act()) return true;
    const left = until - performance.now();
    if (left <= 0 || hurry?.aborted === true) return false;
    await pauseFor(Math.min(pause, left), hurry);
  }
}

function pauseFor(milliseconds: number, hurry: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const wake = (): void => resolve();
  hurry?.addEventListener('abort', wake);
  return promise.finally(() => {
    clearTimeout(timer);
    hurry?.removeEventListener('abort', wake);
  });
}

/** Somebody who is gone, or not ours to signal, is left alone: the next look tells who is still there. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {}
}
