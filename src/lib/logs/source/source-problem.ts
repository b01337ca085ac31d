import { systemErrorName, systemFailure } from '../../files/system-failure.ts';
import type { ItemError } from '../../results/item-error.ts';
import type { SourceKind } from './source-kind.ts';

/** Why a source, or the rest of it, was not read. What came before the problem was given out. */
export interface SourceProblem extends ItemError {
  code: SourceProblemCode;
}

/**
 * - `truncated`: it ends in the middle; it may still be written.
 * - `damaged`: from some place on it cannot be decompressed, or its checksum is wrong.
 * - `trailing-garbage`: something else follows the compressed data; it was left out.
 * - `too-large`: to decompress it takes more memory than we give.
 * - `shortened`: the file became shorter while it was read.
 * - `no-time`: a window was asked for, and its lines have no time that can be read.
 * - `lost`: it was destroyed before it was read.
 */
export type SourceProblemCode =
  | 'truncated'
  | 'damaged'
  | 'trailing-garbage'
  | 'too-large'
  | 'shortened'
  | 'unreadable'
  | 'not-found'
  | 'program-missing'
  | 'no-time'
  | 'lost';

/** How the reading of a source ended. */
export interface SourceEnd {
  /** How it was stored; undefined when it could not be opened. */
  kind?: SourceKind;
  /** In the order in which they came up; the source was read whole when there are none. */
  problems: SourceProblem[];
}

/** A problem with the source of this name in its message, such as `app.log.gz: ends in the middle of its data`. */
export function sourceProblem(code: SourceProblemCode, name: string, what: string, hint?: string): SourceProblem {
  return { code, message: `${name}: ${what}`, ...(hint === undefined ? {} : { hint }) };
}

/** A failed system call as a problem. */
export function unreadable(name: string, error: unknown): SourceProblem {
  const failure = systemFailure(`cannot read ${name}`, error);
  const isMissing = ['ENOENT', 'ENOTDIR'].includes(systemErrorName(error) ?? '');
  return { code: isMissing ? 'not-found' : 'unreadable', message: failure.message };
}
