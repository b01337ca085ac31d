import type { JobRun } from '../../../src/lib/jobs/job-run.ts';

export function jobRun(fields: Partial<JobRun> = {}): JobRun {
  return {
    job: 'backup',
    runId: 'a',
    state: 'ok',
    startedAt: '2026-11-20T10:00:00.000Z',
    endedAt: '2026-11-20T10:00:01.000Z',
    durationSeconds: 1,
    exitCode: 0,
    ended: 'exit code 0',
    attempts: 1,
    complete: true,
    findings: 0,
    alerts: 0,
    suppressed: 0,
    ...fields,
  };
}
