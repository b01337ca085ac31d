import type { CommandTable } from './command-table.ts';
import { lambdaCommands } from './lambda-commands.ts';

/** Every command, in the order of --help. A name of two words is a subcommand. */
export const commands: CommandTable = {
  sysinfo: {
    summary: 'report on this machine, and check it against rules',
    load: () => import('./commands/sysinfo.ts'),
  },
  'ssl-expiry': {
    summary: 'tell when certificates expire, of servers, files and Kubernetes Secrets',
    load: () => import('./commands/ssl-expiry.ts'),
  },
  'logs-grep': {
    summary: 'search logs: patterns, windows of time, levels, alert rules, what is new since last time',
    ownLetters: 'ov',
    load: () => import('./commands/logs-grep.ts'),
  },
  ...lambdaCommands,
  'lambda export': {
    summary: 'write stop-instances and start-instances as an AWS Lambda function with its schedules',
    load: () => import('./commands/lambda/export.ts'),
  },
  run: {
    summary: 'run a job of devops.yaml or any program: silent when all is well, told when not',
    load: () => import('./commands/run.ts'),
  },
  'jobs list': { summary: 'list the jobs of devops.yaml', load: () => import('./commands/jobs/list.ts') },
  'jobs status': {
    summary: 'tell how every job stands: its last run, what is missed, what waits to be told',
    load: () => import('./commands/jobs/status.ts'),
  },
  'jobs history': { summary: 'list the runs of a job', load: () => import('./commands/jobs/history.ts') },
  'jobs logs': { summary: 'print the output of a run', load: () => import('./commands/jobs/logs.ts') },
  'schedule next': {
    summary: 'print when a schedule switches or a job runs next',
    load: () => import('./commands/schedule/next.ts'),
  },
  'schedule render': {
    summary: 'write the schedules of devops.yaml as crontab, systemd timers or Kubernetes CronJobs',
    load: () => import('./commands/schedule/render.ts'),
  },
  'mail send': { summary: 'send a mail that is never lost', load: () => import('./commands/mail/send.ts') },
  'notify test': {
    summary: 'send a test through a notifier of devops.yaml',
    load: () => import('./commands/notify/test.ts'),
  },
  'notify flush': { summary: 'send what waits to be told', load: () => import('./commands/notify/flush.ts') },
  doctor: {
    summary: 'check what devops needs here: Node, programs, folders, configuration',
    load: () => import('./commands/doctor.ts'),
  },
  'config check': { summary: 'check devops.yaml', load: () => import('./commands/config/check.ts') },
  'config show': {
    summary: 'print every setting and where it comes from',
    load: () => import('./commands/config/show.ts'),
  },
  'config schema': {
    summary: 'print the JSON Schema of devops.yaml',
    load: () => import('./commands/config/schema.ts'),
  },
  completion: { summary: 'print the completion script for a shell', load: () => import('./commands/completion.ts') },
};
