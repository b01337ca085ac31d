import type { CutOffReason, NotStarted } from './program-result.ts';

/** What became of a supervised program and of all that it started. */
export interface SupervisedEnd {
  end: ProgramOutcome;
  /** Somebody had to be ended by KILL. */
  killed: boolean;
  /** Processes that it had left behind, outside its group or after its own end, and that were ended. */
  swept: number;
  /** Pids of those that not even KILL ended, or that belong to another user. */
  survivors: number[];
  /** From the call to the answer, by a clock that nobody sets: ending all of its processes included. */
  durationSeconds: number;
  /** What the first `take` that failed threw; nothing was handed over after that. */
  takeFailure?: unknown;
}

/** How the program itself ended. */
export type ProgramOutcome =
  | { kind: 'exited'; code: number }
  /** By a signal that did not come from here. */
  | { kind: 'signalled'; signal: NodeJS.Signals }
  /** The deadline passed. */
  | { kind: 'timed-out' }
  /** The caller's signal aborted, and the program got `signal` for it, or was never started. */
  | { kind: 'aborted'; reason: unknown; signal: NodeJS.Signals }
  /** Cut off as `reason` says, but the program itself is still there. */
  | { kind: 'abandoned'; pid: number; reason: CutOffReason; signal: NodeJS.Signals }
  | NotStarted;
