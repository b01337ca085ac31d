import type { SourceKind } from '../source/source-kind.ts';
import type { SourceEnd } from '../source/source-problem.ts';

/** One log, or a part of it, that is searched. */
export interface LogInput {
  /** What people see: the path as it was named, `(standard input)`, `journal`. */
  name: string;
  source:
    | { kind: 'file'; path: string }
    /** A regular file, which stays open. */
    | { kind: 'descriptor'; descriptor: number }
    /** What can be read once: a pipe, the output of a program. */
    | { kind: 'stream'; open(signal: AbortSignal): AsyncGenerator<Buffer, SourceEnd, void> };
  /** How a file is stored, where that is known. */
  stored?: SourceKind;
  /** Bytes to search, uncompressed; left out, all. */
  start?: number;
  end?: number;
  /** Seconds since 1970 of the last write: what a time without a year is counted back from. */
  modifiedSeconds: number;
}
