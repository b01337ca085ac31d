import { UserError } from '../../errors/user-error.ts';
import type { Job } from '../../jobs/job.ts';
import { quoted } from '../../text/quoted.ts';
import { scheduleSeed } from './hash-value.ts';
import type { ExpectedJob } from './overlaps.ts';
import { parseCron } from './parse-cron.ts';

export interface JobPlace {
  /** Of jobs that name none. */
  zoneOfMachine: string;
  hostname: string;
}

/** A job with its schedule, for a prediction. Throws a UserError (usage) for one without a schedule. */
export async function openJobSchedule(job: Job, { zoneOfMachine, hostname }: JobPlace): Promise<ExpectedJob> {
  if (job.schedule === undefined) {
    throw new UserError(`job ${quoted(job.name)} has no schedule`, {
      code: 'usage',
      hints: ["give it one in devops.yaml, such as schedule: '30 2 * * *'"],
    });
  }
  const schedule = await parseCron(job.schedule, {
    zone: job.timezone ?? zoneOfMachine,
    seed: scheduleSeed(job.name, hostname),
  });
  const cutOff = job.timeoutSeconds === undefined ? undefined : job.timeoutSeconds + job.killAfterSeconds;
  const expectedSeconds = job.expect.maxSeconds ?? cutOff;
  return { name: job.name, schedule, expectedSeconds, lock: job.lock, overlap: job.overlap };
}
