import type { Environment } from '../../shell/find-program.ts';
import type { Zone } from '../../time/zone.ts';
import type { SourceEnd } from '../source/source-problem.ts';
import type { TimeFormatMaker } from '../time/parse-time-format.ts';
import type { Batch } from './search-blocks.ts';
import type { LineFormat, Selection } from './selection.ts';

export interface SearchOptions {
  selection: Selection;
  /** Whether time and level of what is found will be asked for. */
  wantsFacts: boolean;
  /** Whether lines are numbered. */
  numbersLines: boolean;
  /** How many lines around those that are found will be asked for, also outside of a window. */
  context?: { before: number; after: number };
  /** The zone of times that name none. Opened at need, which costs some milliseconds. */
  zone(): Zone;
  /** The format of the times, where the user named it. */
  timeFormat?: TimeFormatMaker;
  env: Environment;
  signal: AbortSignal;
  /** Where the output goes, when that is a file: to search it would never end. */
  output?: { device: number; inode: number } | undefined;
  /** What people should know of a log: that it is not sorted, that a line is too long. */
  onNote(note: string): void;
}

/** A part of a log and what was found in it. */
export interface FoundBatch extends Batch {
  /** Number of the first line of `bytes`, from 1; 0 unless lines are numbered. */
  firstLine: number;
  format: LineFormat;
}

export type Found = AsyncGenerator<FoundBatch, SourceEnd, void>;
