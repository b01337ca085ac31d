import type { ScheduledJob } from '../../../../src/lib/schedule/render/rendered.ts';

/** A job as devops.yaml gives it when it says little. */
export function scheduledJob(values: Partial<ScheduledJob> = {}): ScheduledJob {
  return {
    name: 'backup-db',
    argv: ['devops', 'sysinfo'],
    schedule: '30 2 * * *',
    splaySeconds: 0,
    catchUp: 'none',
    overlap: { kind: 'skip' },
    lock: 'backup-db',
    killAfterSeconds: 10,
    retry: { attempts: 1, backoff: { fromSeconds: 30, toSeconds: 600 } },
    exit: { ok: [0], warning: [], skip: [75] },
    expect: {},
    notify: [],
    notifyOn: { failAfter: 1, warning: 'change', recovery: 'if_announced', stuckAfter: 3 },
    environment: { clean: false, pass: [], set: {}, secrets: {} },
    keep: { runs: 100, days: 90, logBytes: 10_485_760 },
    ...values,
  };
}
