import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { systemErrorName } from '../files/system-failure.ts';
import type { Lock } from '../locks/lock.ts';
import { stateDirectory } from '../state/directories.ts';
import { announceRun } from './announce-run.ts';
import { appendRun } from './history.ts';
import { openJobEnvironment } from './job-environment.ts';
import { type JobFolder, openJobFolder } from './job-folder.ts';
import type { JobHost } from './job-host.ts';
import { type JobOutput, type LiveOutput, openJobOutput } from './job-output.ts';
import { jobProgram } from './job-program.ts';
import type { JobRun } from './job-run.ts';
import type { Job } from './job.ts';
import { judgeOutput } from './judge-output.ts';
import { type JudgedRun, judgeRun } from './judge-run.ts';
import { rotate } from './rotate-history.ts';
import { runAttempts } from './run-attempts.ts';
import { newRunId } from './run-id.ts';
import { leftRuns, markRunning, unmarkRunning } from './running-run.ts';
import { splayOf } from './splay.ts';
import { takeLockOfJob } from './take-lock-of-job.ts';
import { openVerdictFile, removeVerdictFile } from './verdict-file.ts';

export interface RunJobOptions {
  live: LiveOutput;
  stdin: 'ignore' | number;
  /** Whether to wait first, as long as the job's splay spreads this machine. */
  splay: boolean;
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
  const taken = await takeLockOfJob(job, host, session.runId);
  if ('busy' in taken) return finishBusy(session, taken.busy);
  try {
    return await runLocked(session, options, env, taken.lock);
  } finally {
    taken.lock?.release();
  }
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
  if (folder !== undefined) await recover(session, folder);
  if (folder !== undefined) {
    tryTo(host, () => markRunning(folder, { runId, startedAt: session.startedAt / 1000 }, host.pid, job.name));
  }
  const output = openJobOutput(folder?.runs, runId, options.live, host.warn);
  const verdictPath = folder === undefined ? undefined : join(folder.runs, `${runId}.verdicts`);
  const verdictDescriptor = program.isDevops ? openVerdicts(verdictPath, host) : undefined;
  try {
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
    const swept = attempts.reduce((sum, { swept: count }) => sum + count, 0);
    return await finish(session, { judged, attempts: attempts.length, swept, output, lock });
  } finally {
    output.close();
    if (verdictDescriptor !== undefined) closeSync(verdictDescriptor);
    // Only now is nothing of it needed any more: until here a kill leaves all for the next run to tell.
    if (verdictPath !== undefined) removeVerdictFile(verdictPath);
    if (folder !== undefined) unmarkRunning(folder, runId);
  }
}

interface Ended {
  judged: JudgedRun;
  attempts: number;
  swept: number;
  output: JobOutput;
  lock: Lock | undefined;
}

/** Alerts first, then the history, then the lock; only then anybody is waited for. */
async function finish(session: Session, { judged, attempts, swept, output, lock }: Ended): Promise<FinishedRun> {
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
    findings: judged.verdicts.filter(({ status }) => status !== 'ok').length,
    ...(swept === 0 ? {} : { swept }),
    alerts: 0,
    suppressed: 0,
  };
  const announced = await announceRun({ job, host, folder, run, judged, readOutput: isGood ? undefined : read });
  const told: JobRun = { ...run, alerts: announced.alerts, suppressed: announced.suppressed };
  if (folder !== undefined) remember(session, folder, told);
  lock?.release();
  const delivered = await announced.deliver();
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
    findings: 0,
    alerts: 0,
    suppressed: 0,
    heldBy,
  };
  const announced = await announceRun({ job, host, folder, run, judged, readOutput: undefined });
  const told: JobRun = { ...run, alerts: announced.alerts, suppressed: announced.suppressed };
  if (folder !== undefined) remember(session, folder, told);
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

/** Runs that nobody has told of: devops was killed while they went on. */
async function recover({ job, host }: Session, folder: JobFolder): Promise<void> {
  const left = tryTo(host, () => leftRuns(folder, host.pid)) ?? [];
  if (left.length === 0) return;
  const { recoverLeftRuns } = await import('./recover-left-runs.ts');
  await recoverLeftRuns(job, host, folder, left);
}

function openVerdicts(path: string | undefined, host: JobHost): number | undefined {
  return path === undefined ? undefined : tryTo(host, () => openVerdictFile(path));
}

function remember({ job, host }: Session, folder: JobFolder, run: JobRun): void {
  tryTo(host, () => {
    appendRun(folder.path, run);
    rotate(folder.path, job.keep, host.now() / 1000);
  });
}

async function trimLog({ job, host }: Session, { logFile }: JobRun): Promise<void> {
  if (logFile === undefined) return;
  const { trimOutputFile } = await import('../shell/capture-output.ts');
  tryTo(host, () => void trimOutputFile(logFile, job.keep.logBytes));
}

/** What fails around the job is told, and the job goes on. */
function tryTo<Value>(host: JobHost, act: () => Value): Value | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof UserError) && systemErrorName(error) === undefined) throw error;
    host.warn((error as Error).message);
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
