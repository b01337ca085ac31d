import type { ItemError } from '../../results/item-error.ts';
import type { Job } from '../../jobs/job.ts';

export const renderTargets = ['crontab', 'systemd', 'kubernetes'] as const;
export type RenderTarget = (typeof renderTargets)[number];

/** A job that has a schedule. */
export type ScheduledJob = Job & { schedule: string };

/** What somebody should know of one job's schedule on one target. */
export interface ScheduleFinding {
  job: string;
  /** Stable word for programs. */
  code: string;
  message: string;
  hint?: string;
}

/** What is called on the schedule's time, all by its absolute path. */
export interface Invoked {
  /** Node. */
  node: string;
  /** bin/devops. */
  program: string;
  /** devops.yaml. */
  config: string;
}

/** One file of a scheduler, or the block of the crontab. */
export interface RenderedFile {
  /** `crontab`, or the name of the file. */
  name: string;
  content: string;
  findings: readonly ScheduleFinding[];
}

/** A job that the target cannot have. */
export interface RefusedJob {
  job: string;
  error: ItemError;
}

export interface Rendered {
  files: readonly RenderedFile[];
  refused: readonly RefusedJob[];
}

/** Looks at one job's schedule for one target. Findings are comments in the file and warnings on standard error. */
export type LintJob = (job: ScheduledJob, target: RenderTarget) => readonly ScheduleFinding[];
