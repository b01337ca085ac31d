import { join } from 'node:path';
import { rmSync, statSync } from 'node:fs';
import type { Verdict } from '../results/verdict.ts';
import { addLeftOutput } from './add-to-log.ts';
import { announceRun } from './announce-run.ts';
import { UserError } from '../errors/user-error.ts';
import { systemErrorName } from '../files/system-failure.ts';
import { appendRun } from './history.ts';
import type { JobFolder } from './job-folder.ts';
import type { JobHost } from './job-host.ts';
import type { JobRun } from './job-run.ts';
import { readRuns } from './read-history.ts';
import type { Job } from './job.ts';
import type { JudgedRun } from './judge-run.ts';
import { removeTemporaryFiles } from '../spool/remove-temporary-files.ts';
import { type RunningRun, unmarkRunning } from './running-run.ts';
import { readLeftVerdicts, removeVerdictFile } from './verdict-file.ts';

export interface Recovered {
  /** Sends what was put into the spool; never rejects. */
  deliver(): Promise<void>;
}

/**
 * Tells of runs whose devops was killed before it could: that they were cut short, and what they had judged until then.
 * A kill in the middle of it leaves the rest to the next run, and so does what cannot be written.
 */
export async function recoverLeftRuns(
  job: Job,
  host: JobHost,
  folder: JobFolder,
  left: readonly RunningRun[],
): Promise<Recovered> {
  const delivers: (() => Promise<unknown>)[] = [];
  try {
    // All of it: while what a run has left behind had the lock, each start that found it busy was written down.
    const known = new Set(readRuns(folder.path).map(({ runId }) => runId));
    for (const run of left) {
      const deliver = await recoverRun(job, host, folder, run, known.has(run.runId));
      if (deliver !== undefined) delivers.push(deliver);
    }
    removeTemporaryFiles(folder.path, host.now() / 1000);
  } catch (error) {
    if (!(error instanceof UserError) && systemErrorName(error) === undefined) throw error;
    host.warn((error as Error).message);
  }
  return {
    async deliver() {
      // At once, or ten of them would keep the run waiting for ten deadlines.
      await Promise.all(
        delivers.map(async (deliver) => {
          try {
            await deliver();
          } catch (error) {
            host.warn(`an earlier run was not told: ${(error as Error).message}`);
          }
        }),
      );
    },
  };
}

async function recoverRun(
  job: Job,
  host: JobHost,
  folder: JobFolder,
  { runId, startedAt }: RunningRun,
  isKnown: boolean,
): Promise<(() => Promise<unknown>) | undefined> {
  let deliver: (() => Promise<unknown>) | undefined;
  const verdictPath = join(folder.runs, `${runId}.verdicts`);
  if (!isKnown) {
    const verdicts = readLeftVerdicts(verdictPath)?.verdicts ?? [];
    const judged = lostRun(job.name, verdicts);
    addLeftOutput(folder.runs, runId, job.keep.logBytes);
    const run = lostRecord(job.name, { runId, startedAt }, judged, folder);
    // Healthchecks has missed its end already, and a ping that comes late would stand for the run that starts now.
    const announced = await announceRun({
      job,
      host,
      folder,
      run,
      judged,
      readOutput: undefined,
      pings: undefined,
    });
    if (announced.alerts > 0) ({ deliver } = announced);
    appendRun(folder.path, { ...run, alerts: announced.alerts, suppressed: announced.suppressed });
    host.warn(`${job.name}: ${judged.ended}; started at ${run.startedAt}`);
  }
  removeVerdictFile(verdictPath);
  for (const name of ['out', 'out.pipe', 'log.pipe']) rmSync(join(folder.runs, `${runId}.${name}`), { force: true });
  unmarkRunning(folder, runId);
  return deliver;
}

function lostRun(job: string, verdicts: readonly Verdict[]): JudgedRun {
  const ended = 'devops was killed during a run, so how it ended is not known';
  const lost: Verdict = { status: 'unknown', subject: job, code: 'lost', message: ended };
  return { state: 'interrupted', exitCode: 137, ended, verdicts: [lost, ...verdicts], complete: false };
}

function lostRecord(job: string, { runId, startedAt }: RunningRun, judged: JudgedRun, folder: JobFolder): JobRun {
  const logFile = join(folder.runs, `${runId}.log`);
  const log = statSync(logFile, { throwIfNoEntry: false });
  // The last sign of life is as near to its end as can be told.
  const endedAt = Math.max(startedAt * 1000, log?.mtimeMs ?? 0);
  return {
    job,
    runId,
    state: judged.state,
    startedAt: new Date(startedAt * 1000).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    durationSeconds: Math.round(endedAt / 1000 - startedAt),
    exitCode: judged.exitCode,
    ended: judged.ended,
    attempts: 1,
    ...(log === undefined || log.size === 0 ? {} : { logFile, outputBytes: log.size }),
    complete: judged.complete,
    findings: judged.verdicts.filter(({ status }) => status !== 'ok').length,
    alerts: 0,
    suppressed: 0,
  };
}
