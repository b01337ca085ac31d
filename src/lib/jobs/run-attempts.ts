import { supervise } from '../shell/supervise.ts';
import type { Attempt } from './attempt.ts';
import { backoffSeconds } from './backoff.ts';
import { jobChannelVariable } from './job-channel.ts';
import type { JobHost } from './job-host.ts';
import type { JobOutput } from './job-output.ts';
import type { JobProgram } from './job-program.ts';
import type { Job } from './job.ts';
import { shouldRetry } from './retry.ts';
import { readVerdictFile } from './verdict-file.ts';

export interface AttemptSetup {
  job: Job;
  program: JobProgram;
  runId: string;
  host: JobHost;
  env: Record<string, string>;
  stdin: 'ignore' | number;
  output: JobOutput;
  /** The lock, which the job holds as long as any of its processes lives. */
  lockDescriptor: number | undefined;
  /** Where a command of ours writes what it judged. */
  verdictDescriptor: number | undefined;
}

/** Starts the job, again where that may help. Whether it was cut off, the last attempt tells. */
export async function runAttempts(setup: AttemptSetup): Promise<[Attempt, ...Attempt[]]> {
  const { job, program, host, verdictDescriptor } = setup;
  const attempts: Attempt[] = [];
  let judgedUpTo = 0;
  for (let number = 1; ; number++) {
    await setup.output.beginAttempt(number);
    const end = await supervise({ ...superviseOptions(setup), output: setup.output.target() });
    await setup.output.endAttempt();
    const judgements =
      verdictDescriptor === undefined || !program.isDevops ? undefined : readVerdictFile(verdictDescriptor, judgedUpTo);
    judgedUpTo = judgements?.endsAt ?? 0;
    const attempt: Attempt = { ...end, judgements };
    const { exit, retry: policy } = job;
    const isLast =
      host.signal.aborted || !shouldRetry(attempt, { isDevops: program.isDevops, policy, exit, attempt: number });
    attempts.push(attempt);
    if (isLast || !(await waitForNext(number, setup))) return attempts as [Attempt, ...Attempt[]];
  }
}

/** False when there will be no next attempt, because the run was interrupted. */
async function waitForNext(number: number, { job, host }: AttemptSetup): Promise<boolean> {
  const seconds = backoffSeconds(number, job.retry.backoff, () => host.random());
  host.debug(`attempt ${number} of ${job.retry.attempts} failed, the next in ${Math.round(seconds)}s`);
  try {
    await host.pause(seconds, host.signal);
    return true;
  } catch (error) {
    if (host.signal.aborted) return false;
    throw error;
  }
}

function superviseOptions(setup: AttemptSetup): Omit<Parameters<typeof supervise>[0], 'output'> {
  const { job, program, host, env, lockDescriptor, verdictDescriptor } = setup;
  const descriptors = [lockDescriptor, verdictDescriptor].filter((one) => one !== undefined);
  const channel = verdictDescriptor === undefined ? 'none' : String(descriptors.length + 2);
  return {
    argv: program.argv,
    env: program.isDevops ? { ...env, [jobChannelVariable]: channel } : env,
    cwd: job.cwd,
    stdin: setup.stdin,
    stdout: setup.output.stdout,
    descriptors: program.isDevops ? descriptors : descriptors.filter((one) => one !== verdictDescriptor),
    runId: setup.runId,
    timeoutSeconds: job.timeoutSeconds,
    killAfterSeconds: job.killAfterSeconds,
    signal: host.signal,
    urgent: host.urgent,
    forward: signalOf,
    sweep: 'on-cut-off',
  };
}

/** What interrupted us is what the job gets. */
function signalOf(reason: unknown): NodeJS.Signals {
  const { reason: cause }: { reason?: unknown } = Object(reason);
  return cause === 'SIGINT' || cause === 'SIGHUP' ? cause : 'SIGTERM';
}
