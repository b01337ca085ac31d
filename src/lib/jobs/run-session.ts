import { UserError } from '../errors/user-error.ts';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';
import type { JobFolder } from './job-folder.ts';
import type { JobHost } from './job-host.ts';
import type { Job } from './job.ts';

/** One run while it goes on. */
export interface RunSession {
  job: Job;
  host: JobHost;
  runId: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Seconds of a clock that nobody sets. */
  startedMonotonic: number;
  /** Undefined where nothing can be kept. */
  folder: JobFolder | undefined;
  secrets: readonly string[];
}

/** What fails around the job is told, and the job goes on. */
export function tryTo<Value>(host: JobHost, act: () => Value): Value | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof UserError) && systemErrorName(error) === undefined) throw error;
    const told = error instanceof UserError ? error : systemFailure('cannot write into the folder of the job', error);
    host.warn(told.message);
    return undefined;
  }
}
