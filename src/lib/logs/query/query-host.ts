import type { Readable } from 'node:stream';
import type { Environment } from '../../shell/find-program.ts';

/** What a query needs of the world around it. */
export interface QueryHost {
  env: Environment;
  signal: AbortSignal;
  now(): Date;
  /** Seconds of a clock that nobody sets. */
  monotonic(): number;
  cwd(): string;
  stdin(): Readable;
  /** Standard input when it is a regular file, which can be searched like any other. */
  stdinFile: number | undefined;
  /** Where states of --state are kept. */
  stateDirectory(): string;
  userId: number;
  processId: number;
  /** What people should know, in one line. */
  note(text: string): void;
}
