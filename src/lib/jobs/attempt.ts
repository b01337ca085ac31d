import type { SupervisedEnd } from '../shell/supervised-end.ts';
import type { Judgements } from './verdict-file.ts';

/** One try of a job, after it has ended. */
export interface Attempt extends Pick<SupervisedEnd, 'end' | 'killed' | 'swept' | 'durationSeconds'> {
  /** What it told of its judgements; absent for a program that is not ours. */
  judgements?: Judgements | undefined;
}

/**
 * The exit code that decides what an attempt means: that of -o nagios means something else, so a command of ours tells
 * the usual one too. Undefined when it did not end by itself.
 */
export function meantExitCode({ end, judgements }: Attempt): number | undefined {
  if (end.kind !== 'exited') return undefined;
  return judgements?.end?.exitCode ?? end.code;
}

/** Somebody ended the run: Ctrl-C, a signal, the machine that goes down. */
export function wasInterrupted({ end }: Attempt): boolean {
  return end.kind === 'aborted' || (end.kind === 'abandoned' && end.reason === 'aborted');
}

export function timedOut({ end }: Attempt): boolean {
  return end.kind === 'timed-out' || (end.kind === 'abandoned' && end.reason === 'timed-out');
}
