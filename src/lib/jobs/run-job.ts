import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { openUnnamedFile } from '../files/open-unnamed-file.ts';
import type { Lock } from '../locks/lock.ts';
import { stateDirectory } from '../state/directories.ts';
import { openJobEnvironment } from './job-environment.ts';
import { type JobFolder, openJobFolder } from './job-folder.ts';
import type { JobHost } from './job-host.ts';
import { type JobOutput, type LiveOutput, openJobOutput } from './job-output.ts';
import { jobProgram } from './job-program.ts';
import type { Job } from './job.ts';
import { judgeOutput } from './judge-output.ts';
import { type JudgedRun, judgeRun } from './judge-run.ts';
import { openPings } from './ping-run.ts';
import { type FinishedRun, finishBusyRun, finishRun } from './finish-run.ts';
import { type RunSession, tryTo } from './run-session.ts';
import { runAttempts } from './run-attempts.ts';
import { newRunId } from './run-id.ts';
import type { Recovered } from './recover-left-runs.ts';
import { leftRuns, markRunning, unmarkRunning } from './running-run.ts';
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

/** A run that made room for the next one, as `overlap: replace` wants it, is nothing to be told of. */
const replaced = { state: 'skipped', ended: 'replaced by the next run', complete: false } as const;

/** What it has found is not found again by the next one. */
const eventsOf = ({ verdicts }: JudgedRun): Verdict[] => verdicts.filter(({ event }) => event !== undefined);

/** How long an interrupted run waits for whoever reads its output. */
const hurriedSeconds = 5;

/**
 * Runs a job from its lock to the last alert. What goes wrong around the job, such as a state folder that cannot be
 * written, is told to `host.warn` and never changes its exit code. Throws UserError before the job is started: a secret
 * that is missing, a lock that cannot be used.
 */
export async function runJob(job: Job, host: JobHost, options: RunJobOptions): Promise<FinishedRun> {
  const { env, secrets } = openJobEnvironment(job.environment, host);
  if (options.splay) await waitSplay(job, host);
  const session: RunSession = {
    job,
    host,
    runId: newRunId(),
    startedAt: host.now(),
    startedMonotonic: host.monotonic(),
    folder: openFolder(job, host),
    secrets,
  };
  const taken = job.lock === undefined ? { lock: undefined } : await takeLock(session);
  if ('busy' in taken) return finishBusyRun(session, taken.busy);
  try {
    return await runLocked(session, options, env, taken.lock);
  } finally {
    taken.lock?.release();
  }
}

async function takeLock({ job, host, runId }: RunSession): ReturnType<typeof TakeLockOfJob> {
  const { takeLockOfJob } = await import('./take-lock-of-job.ts');
  return takeLockOfJob(job, host, runId);
}

async function isReplaced({ job, host, runId }: RunSession): Promise<boolean> {
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
  session: RunSession,
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
    return await finishRun(session, { judged: outcome, attempts: attempts.length, swept, output, lock, pings });
  } finally {
    await told;
    if (verdictDescriptor !== undefined) closeSync(verdictDescriptor);
    // Only now is nothing of it needed any more: until here a kill leaves all for the next run to tell.
    if (verdictPath !== undefined) removeVerdictFile(verdictPath);
    await closeOutput(output, host);
    if (folder !== undefined) unmarkRunning(folder, runId);
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

/** Runs that nobody has told of: devops was killed while they went on. */
async function recover({ job, host }: RunSession, folder: JobFolder): Promise<Recovered | undefined> {
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
