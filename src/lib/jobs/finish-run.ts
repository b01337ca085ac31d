import type { Lock } from '../locks/lock.ts';
import { spoolFolder } from '../spool/spool-folder.ts';
import { countWaiting } from '../spool/waiting.ts';
import type { Announced, RunToAnnounce } from './announce-run.ts';
import { appendRun } from './history.ts';
import { shortestLine } from './history-files.ts';
import type { JobFolder } from './job-folder.ts';
import type { JobHost } from './job-host.ts';
import type { JobOutput } from './job-output.ts';
import type { JobRun } from './job-run.ts';
import type { JudgedRun } from './judge-run.ts';
import type { RunPings } from './ping-run.ts';
import { type RunSession, tryTo } from './run-session.ts';

/** A finished run, and what there is left to tell about it. */
export interface FinishedRun {
  run: JobRun;
  /** Whoever reads standard error has to be told: no notifier took it, and no policy keeps it back. */
  untold: boolean;
  /** Its output for people, with secrets masked; read at the first call. */
  readOutput(): Promise<string>;
}

/** How much of the output a report has. */
const reportLimits = { headBytes: 65_536, tailBytes: 65_536 };

/** A run whose job has ended. */
export interface EndedRun {
  judged: JudgedRun;
  attempts: number;
  swept: number;
  output: JobOutput;
  lock: Lock | undefined;
  pings: RunPings | undefined;
}

/** Alerts first, then the history, then the lock; only then anybody is waited for. */
export async function finishRun(session: RunSession, ended: EndedRun): Promise<FinishedRun> {
  const { judged, attempts, swept, output, lock, pings } = ended;
  const { job, host, runId, folder, secrets } = session;
  const read = once(async () => maskSecretsIn((await output.read(reportLimits)).text, secrets));
  const isGood = judged.state === 'ok' || judged.state === 'skipped';
  const outputBytes = output.bytes();
  const run: JobRun = {
    ...timesOf(session),
    job: job.name,
    runId,
    state: judged.state,
    exitCode: judged.exitCode,
    ended: judged.ended,
    attempts,
    ...(output.logFile === undefined || outputBytes === 0 ? {} : { logFile: output.logFile, outputBytes }),
    complete: judged.complete,
    findings: judged.verdicts.filter(({ status }) => status !== 'ok').length,
    ...(swept === 0 ? {} : { swept }),
    alerts: 0,
    suppressed: 0,
  };
  const announced = await announce({ job, host, folder, run, judged, readOutput: isGood ? undefined : read, pings });
  const told: JobRun = { ...run, alerts: announced.alerts, suppressed: announced.suppressed };
  if (folder !== undefined) await remember(session, folder, told);
  lock?.release();
  const delivered = await announced.deliver();
  if (announced.alerts === 0 && judged.state !== 'interrupted') await sendWaiting(host);
  if (!isGood) await read();
  if (folder !== undefined && outputBytes > job.keep.logBytes) await trimLog(session, told);
  return { run: told, untold: !isGood && !delivered, readOutput: read };
}

/** Whoever has the lock does the work: nothing is told but in the history, unless it goes on for too long. */
export async function finishBusyRun(session: RunSession, heldBy: string): Promise<FinishedRun> {
  const { job, host, runId, folder } = session;
  host.debug(`${job.name} is not run: the lock is held by ${heldBy}`);
  const judged: JudgedRun = { state: 'busy', exitCode: 75, ended: 'the lock is held', verdicts: [], complete: false };
  const run: JobRun = {
    ...timesOf(session),
    job: job.name,
    runId,
    state: 'busy',
    exitCode: 75,
    ended: judged.ended,
    attempts: 0,
    complete: judged.complete,
    findings: 0,
    alerts: 0,
    suppressed: 0,
    heldBy,
  };
  const announced = await announce({ job, host, folder, run, judged, readOutput: undefined, pings: undefined });
  const told: JobRun = { ...run, alerts: announced.alerts, suppressed: announced.suppressed };
  if (folder !== undefined) await remember(session, folder, told);
  const delivered = await announced.deliver();
  return { run: told, untold: announced.alerts > 0 && !delivered, readOutput: () => Promise.resolve('') };
}

function timesOf({ host, startedAt, startedMonotonic }: RunSession) {
  return {
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(host.now()).toISOString(),
    durationSeconds: Math.round((host.monotonic() - startedMonotonic) * 1000) / 1000,
  };
}

/** What an earlier run could not deliver. Most of the time that is nothing, which costs one look into a folder. */
async function sendWaiting(host: JobHost): Promise<void> {
  const folder = tryTo(host, () => spoolFolder(host));
  if (folder === undefined || tryTo(host, () => countWaiting(folder)) === 0) return;
  const { flushQuietly } = await import('../notify/flush-quietly.ts');
  await flushQuietly(folder, host);
}

async function remember({ job, host }: RunSession, folder: JobFolder, run: JobRun): Promise<void> {
  const size = tryTo(host, () => appendRun(folder.path, run)) ?? 0;
  // A run without output adds nothing that could be too much but its line.
  if (run.logFile === undefined && size < job.keep.runs * shortestLine) return;
  const { rotate } = await import('./rotate-history.ts');
  tryTo(host, () => rotate(folder.path, job.keep, host.now() / 1000));
}

async function trimLog({ job, host }: RunSession, { logFile }: JobRun): Promise<void> {
  if (logFile === undefined) return;
  const { trimOutputFile } = await import('../shell/capture-output.ts');
  tryTo(host, () => void trimOutputFile(logFile, job.keep.logBytes));
}

/** Most runs have nobody to tell, and need not know how. */
async function announce(run: RunToAnnounce): Promise<Announced> {
  if (run.job.notify.length === 0) return { alerts: 0, suppressed: 0, deliver: () => Promise.resolve(false) };
  const { announceRun } = await import('./announce-run.ts');
  return announceRun(run);
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

async function maskSecretsIn(text: string, secrets: readonly string[]): Promise<string> {
  if (text === '') return '';
  const { maskSecrets } = await import('../shell/mask-secrets.ts');
  return maskSecrets(text, secrets);
}
