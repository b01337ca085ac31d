import type { RenderTarget, ScheduleFinding } from './rendered.ts';

/** A file of a schedule, rendered, compared or installed. Public: the record of `devops schedule render`. */
export interface ScheduleFile {
  target: RenderTarget;
  /** `crontab`, the name of a unit or of a manifest, or `cluster` for what kubectl compares and applies as a whole. */
  name: string;
  /** Where it is or would be installed, where that is a file. */
  path?: string;
  /** Absent where it is removed. */
  content?: string;
  state: 'rendered' | 'same' | 'different' | 'would install' | 'would remove' | 'installed' | 'removed' | 'unchanged';
  /** Unified difference between what is installed and what would be. */
  diff?: string;
  /** What somebody may not expect of the schedules in it. */
  findings: readonly ScheduleFinding[];
}

/** What an installation would change, and how it is done. */
export interface ScheduleChange {
  files: readonly PlannedFile[];
  /** Answers with lines for people: what was kept, and what is left to do. */
  apply(): Promise<readonly string[]>;
}

/** `diff` is '' where nothing changes. */
export type PlannedFile = Pick<ScheduleFile, 'name' | 'path' | 'content'> & { diff: string };
