import type { Alert, AlertSubject } from '../../../src/lib/notify/alert.ts';

/** An alert about a failed job with two findings; `changes` replace its fields. */
export function inventedAlert(changes: Partial<Alert> = {}): Alert {
  return {
    id: '0b6f3a52-7d0e-4c9e-9a57-0a4f7c1d2e3f',
    kind: 'failed',
    severity: 'critical',
    job: 'backup-db',
    host: 'web1',
    title: 'FAILED backup-db on web1: exit code 3',
    subjects: [
      inventedSubject({ subject: '/home', status: 'warning', message: '85% full' }),
      inventedSubject({ subject: '/', status: 'critical', message: '97% full', hint: 'remove old kernels' }),
    ],
    moreSubjects: 0,
    run: {
      id: '3c1d7a1e-55a8-4c0a-8f5d-0c8f0f6b7a11',
      startedAt: '2026-11-20T02:30:00.123Z',
      endedAt: '2026-11-20T02:32:03.456Z',
      exitCode: 3,
      ended: 'exit code 3',
      attempts: 2,
      logFile: '/var/lib/devops/jobs/backup-db/runs/3c1d.log',
      output: 'first line\nlast line\n',
      outputBytes: 21,
    },
    ...changes,
  };
}

export function inventedSubject(changes: Partial<AlertSubject> = {}): AlertSubject {
  return {
    status: 'critical',
    subject: '/',
    code: 'disk.used_pct',
    message: 'full',
    change: 'new',
    since: '2026-11-20T02:31:00Z',
    ...changes,
  };
}
