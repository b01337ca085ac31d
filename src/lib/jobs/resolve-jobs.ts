import type { Config } from '../config/schema.ts';
import type { Job } from './job.ts';
import { resolveJob } from './resolve-job.ts';

/** All jobs of a checked configuration, in the order of the file. Loads neither zod nor js-yaml. */
export function resolveJobs(config: Config): Job[] {
  return Object.keys(config.jobs ?? {}).map((name) => resolveJob(name, config));
}
