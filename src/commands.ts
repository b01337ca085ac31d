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
  'schedule next': {
    summary: 'print when a schedule switches next',
    load: () => import('./commands/schedule/next.ts'),
  },
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
