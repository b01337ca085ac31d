import { hashValue } from '../cron/hash-value.ts';

/** The controller adds 11 characters for the Job, whose name has at most 63 (CronJob v1, metadata.name). */
const longestName = 52;

/** The name of a job's CronJob: lower case letters, digits and hyphens, ended by a hash where that loses something. */
export function kubernetesName(job: string): string {
  const plain = `devops-${job}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  if (plain === `devops-${job}` && plain.length <= longestName && !plain.endsWith('-')) return plain;
  const hash = hashValue(job, 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  return `${plain.slice(0, longestName - hash.length - 1).replace(/-+$/, '')}-${hash}`;
}
