import { join } from 'node:path';
import { statSync } from 'node:fs';
import type { Verdict } from '../results/verdict.ts';
import { announceRun } from './announce-run.ts';
import { appendRun } from './history.ts';
import type { JobFolder } from './job-folder.ts';
import type { JobHost } from './job-host.ts';
import type { JobRun } from './job-run.ts';
import { readRuns } from './read-history.ts';
import type { Job } from './job.ts';
import type { JudgedRun } from './judge-run.ts';
import { type RunningRun, unmarkRunning } from './running-run.ts';
import { readLeftVerdicts, removeVerdictFile } from './verdict-file.ts';

/** A run that is told of is in the last lines of the history. */
const lookBack = 20;

/**
 * Tells of runs whose devops was killed before it could: that they were cut short, and what they had judged until then.
 * A kill in the middle of it leaves the rest to the next run.
 */
export async function recoverLeftRuns(
  job: Job,
  host: JobHost,
  folder: JobFolder,
  left: readonly RunningRun[],
): Promise<void> {
  const known = new Set(readRuns(folder.path, { last: lookBack }).map(({ runId }) => runId));
  for (const { runId, startedAt } of left) {
    const verdictPath = join(folder.runs, `${runId}.verdicts`);
    if (!known.has(runId)) {
      const verdicts = readLeftVerdicts(verdictPath)?.verdicts ?? [];
      const judged = lostRun(job.name, verdicts);
      const run = lostRecord(job.name, { runId, startedAt }, judged, folder);
      const announced = await announceRun({ job, host, folder, run, judged, readOutput: undefined });
      appendRun(folder.path, { ...run, alerts: announced.alerts, suppressed: announced.suppressed });
      host.warn(`${job.name}: ${judged.ended}; started at ${run.startedAt}`);
    }
    removeVerdictFile(verdictPath);
    unmarkRunning(folder, runId);
  }
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
    findings: judged.verdicts.filter(({ status }) => status !== 'ok').length,
    alerts: 0,
    suppressed: 0,
  };
}
