import type { Job } from '../../jobs/job.ts';

/** For telling of it: the notifiers have 20 seconds, and what was left behind is ended. */
const marginSeconds = 60;

/**
 * The longest that `devops run` of this job can take by its own clocks: every attempt, the waits between them and the
 * wait for its lock. Undefined when its attempts have no deadline. What ends it from outside has to come later.
 */
export function secondsOfRun(job: Job): number | undefined {
  if (job.timeoutSeconds === undefined) return undefined;
  const { attempts, backoff } = job.retry;
  const working = (job.timeoutSeconds + job.killAfterSeconds) * attempts;
  const pauses = backoff.toSeconds * (attempts - 1);
  const waiting = job.overlap.kind === 'wait' ? job.overlap.seconds : 0;
  return working + pauses + waiting + marginSeconds;
}
