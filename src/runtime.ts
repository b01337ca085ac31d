import type { Readable } from 'node:stream';
import type { JobMessage } from './lib/jobs/job-channel.ts';

/** Where bytes go. */
export interface Output {
  /** Undefined when written at once; otherwise resolves when there is room again. Rejects when writing failed. */
  write(chunk: string | Uint8Array): Promise<void> | undefined;
  /** Resolves when all is handed to the system. */
  flush(): Promise<void>;
  /** For children that may write by themselves; absent where there is no descriptor (tests, Lambda). */
  readonly fd?: number;
  readonly isTerminal: boolean;
  /** Width in characters; undefined off a terminal. */
  columns(): number | undefined;
  rows(): number | undefined;
  /** Written last whatever happens, also when a second signal ends the process at once: gives a changed screen back. */
  restore: string;
}

/** What a run gets from outside: the process, a Lambda, or a test. Nothing else in the product reads the `process` global. */
export interface Runtime {
  stdin(): Readable;
  readonly stdinIsTerminal: boolean;
  /** Standard input when it is a regular file, which need not be read from end to end; undefined otherwise. */
  readonly stdinFile: number | undefined;
  /** For children that may read it by themselves; undefined for a terminal, and where there is no descriptor. */
  readonly stdinDescriptor: number | undefined;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined when the working directory was deleted. */
  cwd(): string | undefined;
  now(): Date;
  /** Seconds of a clock that nobody sets. */
  monotonic(): number;
  /** Waits on that clock, at most until the signal aborts: then it rejects with the signal's reason. */
  pause(seconds: number, signal: AbortSignal): Promise<void>;
  readonly userId: number;
  readonly processId: number;
  /** From passwd, because cron and systemd may not set HOME; undefined when passwd does not know the user. */
  homeDirectory(): string | undefined;
  readonly version: string;
  /** argv that starts this program again. */
  readonly self: readonly [string, ...string[]];
  /** Aborted with an Interruption by a signal or a closed pipe. */
  readonly interrupted: AbortSignal;
  /** Called when standard output's reader has gone. */
  interrupt(reason: 'closed pipe'): void;
  /**
   * For a run that has children to end, which may take longer than the process is given after a signal: from now on it
   * ends by itself. The answer is aborted by a second signal.
   */
  endsByItself(): AbortSignal;
  /** Set when we are the command of a job: takes what we judge. Throws when it cannot be written. */
  readonly jobLine: ((message: JobMessage) => void) | undefined;
}
