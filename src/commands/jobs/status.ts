import { defineCommand, type Spec } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { type AlertsStatus, alertsVerdict, describeAlerts } from '../../lib/jobs/alerts-status.ts';
import { type JobStatus, statusVerdict } from '../../lib/jobs/job-status.ts';
import type { Job } from '../../lib/jobs/job.ts';
import { paint } from '../../terminal/color.ts';
import { printable } from '../../lib/text/printable.ts';

type Status = JobStatus | AlertsStatus;

export default defineCommand({
  description: [
    'Tell how the jobs stand on this machine: the last run of each, whether it is missed (its last good run is older than expect.max_age) or stuck (every start finds the one before still running), and what waits to be told. Exits with 1 when anything is amiss.',
    'With --alert the notifiers of each job are told what is missed, and of findings that were kept back long enough: for a line in a crontab, because a job that does not run at all cannot tell so itself.',
  ].join('\n\n'),
  examples: [
    { command: 'devops jobs status', what: 'all jobs of devops.yaml' },
    {
      command: 'devops jobs status --alert > /dev/null',
      what: 'every ten minutes in a crontab: a job that never ran is told of',
    },
    { command: 'devops jobs status -o prometheus > /var/lib/node_exporter/devops_jobs.prom', what: 'for Prometheus' },
  ],
  define: (spec: Spec) =>
    spec
      .argument('[job...]', 'only these')
      .option('--all', 'also what was run by devops run -- PROGRAM')
      .option('--alert', 'tell the notifiers of each job what is missed'),
  shape: 'many',
  async *run(ctx, { all, alert }, names: string[]): AsyncGenerator<Status> {
    const { chosenJobs, openStatus } = await import('../../job-session.ts');
    const jobs = await chosenJobs(ctx, names, all === true);
    const status = await openStatus(ctx);
    for (const job of jobs) yield await status(job);
    if (alert === true) await tellMissed(ctx, jobs);
    const { alertsStatus } = await import('../../lib/jobs/alerts-status.ts');
    const { accountOf } = await import('../../job-history.ts');
    yield alertsStatus(accountOf(ctx), ctx.now().getTime() / 1000);
  },
  columns: [
    { name: 'job', value: (status) => (status.kind === 'job' ? status.job : 'alerts') },
    {
      name: 'state',
      value: (status) => stateOf(status),
      cell: (status, screen) => paint(screen, colorOf(status), stateOf(status)),
    },
    {
      name: 'last',
      value: (status) => (status.kind === 'job' ? status.lastRunAt : undefined),
      cell: (status) => (status.kind === 'job' ? short(status.lastRunAt) : ''),
    },
    {
      name: 'detail',
      value: (status) => detailOf(status),
      cell: (status) => printable(detailOf(status)),
      dispensable: true,
    },
    {
      name: 'good',
      value: (status) => (status.kind === 'job' ? status.lastGoodAt : undefined),
      cell: (status) => (status.kind === 'job' ? short(status.lastGoodAt) : ''),
      dispensable: true,
    },
    {
      name: 'next',
      value: (status) => (status.kind === 'job' ? status.nextRunAt : undefined),
      cell: (status) => (status.kind === 'job' ? short(status.nextRunAt) : ''),
      dispensable: true,
    },
    {
      name: 'code',
      value: (status) => (status.kind === 'job' ? status.exitCode : undefined),
      align: 'right',
      dispensable: true,
    },
  ],
  verdicts: (status) => [status.kind === 'job' ? statusVerdict(status) : alertsVerdict(status)],
  loadMetrics: async () => (await import('../../lib/jobs/status-metrics.ts')).statusMetrics,
});

async function tellMissed(ctx: Context, jobs: readonly Job[]): Promise<void> {
  const { tellWhatWaits } = await import('../../lib/jobs/tell-missed.ts');
  const { openSender } = await import('../../notify-session.ts');
  const sender = await openSender(ctx);
  const warn = (message: string): void => {
    ctx.stderr.write(`devops: warning: ${printable(message)}\n`)?.catch(() => undefined);
  };
  for (const job of jobs) {
    try {
      await tellWhatWaits(job, { ...sender, warn });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      warn(`${job.name}: ${error.message}`);
    }
  }
}

function stateOf(status: Status): string {
  return status.kind === 'job' ? status.state : alertsVerdict(status).code;
}

function colorOf(status: Status): 'green' | 'yellow' | 'red' {
  const verdict = status.kind === 'job' ? statusVerdict(status) : alertsVerdict(status);
  if (status.kind === 'alerts' && verdict.code === 'waiting' && verdict.status === 'ok') return 'yellow';
  if (verdict.status === 'ok') return 'green';
  return verdict.status === 'warning' ? 'yellow' : 'red';
}

function detailOf(status: Status): string {
  if (status.kind === 'alerts') return describeAlerts(status);
  return status.running ? `runs now; before: ${status.detail}` : status.detail;
}

function short(time: string | undefined): string {
  return time === undefined ? '' : `${time.slice(0, 16).replace('T', ' ')}Z`;
}
