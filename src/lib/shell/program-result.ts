import type { Captured } from './head-and-tail.ts';

/** What became of a program. */
export interface ProgramResult {
  end: ProgramEnd;
  stdout: Captured;
  stderr: Captured;
  /** From the call to the answer: looking the program up and ending its group included. */
  durationSeconds: number;
}

/** How a program ended. */
export type ProgramEnd =
  | { kind: 'exited'; code: number }
  /** By a signal that did not come from here. */
  | { kind: 'signalled'; signal: NodeJS.Signals }
  /** The deadline passed; the program and its process group are gone. */
  | { kind: 'timed-out' }
  /** The caller's AbortSignal fired; the program and its process group are gone, or it was never started. */
  | { kind: 'aborted' }
  /** Cut off as `reason` says, but `pid` is still there: KILL does not reach it, or it belongs to another user. */
  | { kind: 'abandoned'; pid: number; reason: CutOffReason }
  | NotStarted;

/** The program never ran. The message is for people and names the program, never an argument or the environment. */
export interface NotStarted {
  kind: 'not-started';
  code: 'not-found' | 'not-executable' | 'failed';
  message: string;
}

export type CutOffReason = 'timed-out' | 'aborted';
