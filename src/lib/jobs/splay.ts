import { hashValue, scheduleSeed } from '../schedule/cron/hash-value.ts';

/**
 * How many seconds this job waits on this machine before it begins: below `splaySeconds` and always the same, so that
 * hosts spread without a run that comes early or late.
 */
export function splayOf(job: { name: string; splaySeconds: number }, hostname: string): number {
  return job.splaySeconds < 1 ? 0 : hashValue(scheduleSeed(job.name, hostname), Math.floor(job.splaySeconds));
}
