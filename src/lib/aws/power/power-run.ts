import type { Logger } from '../../log/logger.ts';
import type { AwsTarget } from '../target.ts';

/** One run of stop-instances or start-instances in one region: who asked, and how patient it is. */
export interface PowerRun {
  target: AwsTarget;
  account: string;
  /** Names the run: `20261120T190000Z-x7k2`. */
  run: string;
  /** Who asked: the name of the schedule, or `manual`. */
  by: string;
  /** Whether the end is waited for and seen. */
  wait: boolean;
  /** When waiting ends, on the clock of `monotonic`. */
  deadline: number;
  hibernate: boolean;
  force: boolean;
  signal: AbortSignal;
  log: Logger;
  now(): Date;
  monotonic(): number;
  pause(seconds: number, signal: AbortSignal): Promise<void>;
}
