import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { openUnnamedFile } from '../files/open-unnamed-file.ts';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';
import type { Lock } from '../locks/lock.ts';
import { stateDirectory } from '../state/directories.ts';
import type { Announced, RunToAnnounce } from './announce-run.ts';
import { appendRun } from './history.ts';
import { shortestLine } from './history-files.ts';
import { openJobEnvironment } from './job-environment.ts';
import { type JobFolder, openJobFolder } from './job-folder.ts';
import type { JobHost } from './job-host.ts';
import { type JobOutput, type LiveOutput, openJobOutput } from './job-output.ts';
import { jobProgram } from './job-program.ts';
import type { JobRun } from './job-run.ts';
import type { Job } from './job.ts';
import { judgeOutput } from './judge-output.ts';
import { type JudgedRun, judgeRun } from './judge-run.ts';
import { openPings, type RunPings } from './ping-run.ts';
import { runAttempts } from './run-attempts.ts';
import { newRunId } from './run-id.ts';
import type { Recovered } from './recover-left-runs.ts';
import { leftRuns, markRunning, unmarkRunning } from './running-run.ts';
import { countWaiting } from '../spool/waiting.ts';
import { spoolFolder } from '../spool/spool-folder.ts';
import type { Verdict } from '../results/verdict.ts';
import { splayOf } from './splay.ts';
import type { takeLockOfJob as TakeLockOfJob } from './take-lock-of-job.ts';
import { openVerdictFile, removeVerdictFile } from './verdict-file.ts';

export interface RunJobOptions {
  live: LiveOutput;
  stdin: 'ignore' | number;
  /** Whether to wait first, as long as the job's splay spreads this machine. */
  splay: boolean;
  /** Stands around the output of the job where that is passed on: not opened when the job is not started. */
  section?: { open(secrets: readonly string[]): Promise<void>; close(): Promise<void> } | undefined;
}

/** A finished run, and what there is left to tell about it. */
export interface FinishedRun {
  run: JobRun;
  /** Whoever reads standard error has to be told: no notifier took it, and no policy keeps it back. */
  untold: boolean;
  /** Its output for people, with secrets masked; read at the first call. */
  readOutput(): Promise<string>;
}

/** One run while it goes on. */
interface Session {
  job: Job;
  host: JobHost;
  runId: string;
  startedAt: number;
  startedMonotonic: number;
  /** Undefined where nothing can be kept. */
  folder: JobFolder | undefined;
  secrets: readonly string[];
}

/** A run that made room for the next one, as `overlap: replace` wants it, is nothing to be told of. */
const replaced = { state: 'skipped', ended: 'replaced by the next run', complete: false } as const;

/** What it has found is not found again by the next one. */
const eventsOf = ({ verdicts }: JudgedRun): Verdict[] => verdicts.filter(({ event }) => event !== undefined);

/** How long an interrupted run waits for whoever reads its output. */
const hurriedSeconds = 5;

/** How much of the output a report has. */
const reportLimits = { headBytes: 65_536, tailBytes: 65_536 };

/**
 * Runs a job from its lock to the last alert. What goes wrong around the job, such as a state folder that cannot be
 * written, is told to `host.warn` and never changes its exit code. Throws UserError before the job is started: a secret
 * that is missing, a lock that cannot be used.
 */
export async function runJob(job: Job, host: JobHost, options: RunJobOptions): Promise<FinishedRun> {
  const { env, secrets } = openJobEnvironment(job.environment, host);
  if (options.splay) await waitSplay(job, host);
  const session: Session = {
    job,
    host,
    runId: newRunId(),
    startedAt: host.now(),
    startedMonotonic: host.monotonic(),
    folder: openFolder(job, host),
    secrets,
  };
  const taken = job.lock === undefined ? { lock: undefined } : await takeLock(session);
  if ('busy' in taken) return finishBusy(session, taken.busy);
  try {
    return await runLocked(session, options, env, taken.lock);
  } finally {
    taken.lock?.release();
  }
}

async function takeLock({ job, host, runId }: Session): ReturnType<typeof TakeLockOfJob> {
  const { takeLockOfJob } = await import('./take-lock-of-job.ts');
  return takeLockOfJob(job, host, runId);
}

async function isReplaced({ job, host, runId }: Session): Promise<boolean> {
  if (job.lock === undefined) return false;
  const { wasReplaced } = await import('./take-lock-of-job.ts');
  return wasReplaced(job, host, runId);
}

async function waitSplay(job: Job, host: JobHost): Promise<void> {
  const seconds = splayOf(job, host.hostname);
  if (seconds > 0) host.debug(`waiting ${Math.round(seconds)}s of splay`);
  if (seconds > 0) await host.pause(seconds, host.signal);
}

/** A job that cannot be remembered still runs. */
function openFolder(job: Job, host: JobHost): JobFolder | undefined {
  try {
    return openJobFolder(stateDirectory(host), job.name, host.uid);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    host.warn(`${error.message}: this run of ${job.name} is not remembered`);
    return undefined;
  }
}

async function runLocked(
  session: Session,
  options: RunJobOptions,
  env: Record<string, string>,
  lock: Lock | undefined,
): Promise<FinishedRun> {
  const { job, host, runId, folder } = session;
  const program = jobProgram(job.argv, host.self);
  const recovered = folder === undefined ? undefined : await recover(session, folder);
  if (folder !== undefined) {
    tryTo(host, () => markRunning(folder, { runId, startedAt: session.startedAt / 1000 }, host.pid, job.name));
  }
  const output = await openJobOutput({
    folder: folder?.runs,
    runId,
    live: options.live,
    isDevops: program.isDevops,
    env: host.env,
    secrets: session.secrets,
    keepBytes: job.keep.logBytes,
    warn: host.warn,
  });
  const verdictPath = folder === undefined ? undefined : join(folder.runs, `${runId}.verdicts`);
  const verdictDescriptor = program.isDevops ? openVerdicts(verdictPath, host) : undefined;
  const pings = openPings(job, host, runId);
  // While the job runs, which may take hours.
  const told = recovered?.deliver();
  try {
    await options.section?.open(session.secrets);
    const attempts = await runAttempts({
      job,
      program,
      runId,
      host,
      env,
      stdin: options.stdin,
      output,
      lockDescriptor: lock?.descriptor,
      verdictDescriptor,
    });
    const { exit, expect, timeoutSeconds } = job;
    const searched = await judgeOutput(expect.outputMatches, output);
    const judged = judgeRun({
      job: job.name,
      isDevops: program.isDevops,
      attempts,
      exit,
      expect,
      timeoutSeconds,
      output: searched,
    });
    const outcome =
      judged.state === 'interrupted' && (await isReplaced(session))
        ? { ...judged, ...replaced, verdicts: eventsOf(judged) }
        : judged;
    const swept = attempts.reduce((sum, { swept: count }) => sum + count, 0);
    return await finish(session, { judged: outcome, attempts: attempts.length, swept, output, lock, pings });
  } finally {
    await told;
    if (verdictDescriptor !== undefined) closeSync(verdictDescriptor);
    // Only now is nothing of it needed any more: until here a kill leaves all for the next run to tell.
    if (verdictPath !== undefined) removeVerdictFile(verdictPath);
    if (folder !== undefined) unmarkRunning(folder, runId);
    await closeOutput(output, host);
    await options.section?.close();
  }
}

/** Whoever reads along is waited for, however slow, until somebody is in a hurry. */
async function closeOutput(output: JobOutput, { signal, urgent, pause }: JobHost): Promise<void> {
  const over = new AbortController();
  const { promise: giveUp, resolve } = Promise.withResolvers<void>();
  const hurry = (): void => {
    pause(hurriedSeconds, AbortSignal.any([urgent, over.signal])).then(resolve, resolve);
  };
  if (signal.aborted || urgent.aborted) hurry();
  else for (const each of [signal, urgent]) each.addEventListener('abort', hurry, { once: true, signal: over.signal });
  await Promise.race([output.passedOn(), giveUp]);
  over.abort();
  output.close();
}

interface Ended {
  judged: JudgedRun;
  attempts: number;
  swept: number;
  output: JobOutput;
  lock: Lock | undefined;
  pings: RunPings | undefined;
}

/** Alerts first, then the history, then the lock; only then anybody is waited for. */
async function finish(session: Session, ended: Ended): Promise<FinishedRun> {
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
async function finishBusy(session: Session, heldBy: string): Promise<FinishedRun> {
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

function timesOf({ host, startedAt, startedMonotonic }: Session) {
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

/** Runs that nobody has told of: devops was killed while they went on. */
async function recover({ job, host }: Session, folder: JobFolder): Promise<Recovered | undefined> {
  const left = tryTo(host, () => leftRuns(folder, host.pid)) ?? [];
  if (left.length === 0) return undefined;
  const { recoverLeftRuns } = await import('./recover-left-runs.ts');
  return recoverLeftRuns(job, host, folder, left);
}

/** Where nothing can be kept they reach us all the same; only a kill of us loses them. */
function openVerdicts(path: string | undefined, host: JobHost): number | undefined {
  const opened = path === undefined ? undefined : tryTo(host, () => openVerdictFile(path));
  return opened ?? tryTo(host, () => openUnnamedFile());
}

async function remember({ job, host }: Session, folder: JobFolder, run: JobRun): Promise<void> {
  const size = tryTo(host, () => appendRun(folder.path, run)) ?? 0;
  // A run without output adds nothing that could be too much but its line.
  if (run.logFile === undefined && size < job.keep.runs * shortestLine) return;
  const { rotate } = await import('./rotate-history.ts');
  tryTo(host, () => rotate(folder.path, job.keep, host.now() / 1000));
}

async function trimLog({ job, host }: Session, { logFile }: JobRun): Promise<void> {
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

/** What fails around the job is told, and the job goes on. */
function tryTo<Value>(host: JobHost, act: () => Value): Value | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof UserError) && systemErrorName(error) === undefined) throw error;
    const told = error instanceof UserError ? error : systemFailure('cannot write into the folder of the job', error);
    host.warn(told.message);
    return undefined;
  }
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
