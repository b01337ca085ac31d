import type { CommandTable } from './command-table.ts';

/**
 * The commands of the Lambda function. Its bundle takes this table in the place of the whole one, or every command of the
 * product would be in the zip.
 */
export const lambdaCommands: CommandTable = {
  'asg-ips': {
    summary: 'print the addresses of the instances of autoscaling groups',
    load: () => import('./commands/asg-ips.ts'),
  },
  'stop-instances': {
    summary: 'stop EC2 instances and remember them: at once, or on a schedule',
    load: () => import('./commands/stop-instances.ts'),
  },
  'start-instances': {
    summary: 'start what a schedule has stopped, or instances by id',
    load: () => import('./commands/start-instances.ts'),
  },
};
