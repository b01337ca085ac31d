import { endRun, type EndedRun } from './end-run.ts';

/** How long KILL is repeated for whoever is still found. */
const abandonSeconds = 5;

/** Ends all that a run has started whose own devops is gone: whoever carries its id, see `runProcesses`. */
export function endLeftRun(
  runId: string,
  { killAfterSeconds, hurry }: { killAfterSeconds: number; hurry: AbortSignal },
): Promise<EndedRun> {
  // Who its program was is not known any more.
  const run = { leader: -1, startTicks: 0, runId, self: process.pid };
  return endRun(run, { signal: 'SIGTERM', killAfterSeconds, abandonSeconds, hurry });
}

/** Asks a devops that watches a run to end it, as Ctrl-C does. Nothing happens when it is gone or not ours. */
export function signalHolder(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // Whether the lock is free tells whether it went.
  }
}
