import type { Metric } from '../results/metric.ts';
import type { AlertsStatus } from './alerts-status.ts';
import type { JobStatus } from './job-status.ts';

/** What Prometheus is told of a job, or of the alerts that wait. Names are stable. */
export function statusMetrics(status: JobStatus | AlertsStatus): Metric[] {
  if (status.kind === 'alerts') {
    return [
      gauge('devops_alerts_waiting', 'Messages that wait to be delivered.', status.waiting),
      gauge('devops_alerts_oldest_seconds', 'How long the oldest of them has waited.', status.oldestSeconds ?? 0),
      gauge('devops_alerts_dead', 'Messages that can never be delivered.', status.dead),
    ];
  }
  const { job, state, running, lastRunAt, lastGoodAt, exitCode, durationSeconds, failures, skips, nextRunAt } = status;
  const bad = !['ok', 'skipped', 'never', 'warning'].includes(state);
  const of = (name: string, help: string, value: number | undefined): Metric[] =>
    value === undefined ? [] : [{ ...gauge(name, help, value), labels: { job } }];
  return [
    ...of('devops_job_failing', '1 when the job failed, is missed or is stuck.', Number(bad)),
    ...of('devops_job_running', '1 while it runs.', Number(running)),
    ...of('devops_job_last_run_timestamp_seconds', 'When its last run began.', unixSeconds(lastRunAt)),
    ...of('devops_job_last_success_timestamp_seconds', 'When its last good run ended.', unixSeconds(lastGoodAt)),
    ...of('devops_job_last_exit_code', 'Exit code of its last run.', exitCode),
    ...of('devops_job_last_duration_seconds', 'How long its last run took.', durationSeconds),
    ...of('devops_job_failures', 'Runs in a row that failed or found something bad.', failures),
    ...of('devops_job_skips', 'Starts in a row that found the one before still running.', skips),
    ...of('devops_job_next_run_timestamp_seconds', 'When its schedule starts it next.', unixSeconds(nextRunAt)),
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: 'gauge', value };
}

function unixSeconds(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time) / 1000;
}
