import type { FileCursor } from './file-cursor.ts';

/** Bytes to be delivered. The descriptor stays open until the plan is closed, whatever happens to the name. */
export interface ReadRange {
  /** What the file was called when the plan was made. */
  path: string;
  descriptor: number;
  kind: 'plain' | 'gzip' | 'zstd';
  /** Bytes, uncompressed. */
  start: number;
  /** Bytes, uncompressed; undefined where it ends with the compressed file. */
  end: number | undefined;
  /** A rotated file is delivered whole, its last line also without a line feed. */
  isRotated: boolean;
}

/** What cannot be delivered any more, or not by us. */
export interface Loss {
  path: string;
  /** At least so many, where something is known of it. */
  bytes?: number;
  /** A sentence's end: `was truncated, and no rotated file holds what it had`. */
  reason: string;
}

/** What is new in a log. To be closed in every case. */
export interface ReadPlan {
  /** The oldest first. */
  ranges: readonly ReadRange[];
  lost: readonly Loss[];
  /** For people, to be said once. */
  notes: readonly string[];
  /** To be written when all ranges have been delivered and the output is flushed. */
  next: FileCursor;
  /**
   * The cursor of a reader that ended within `range`, because it was stopped or because the file was truncated under
   * it: at `offset` (uncompressed, behind a whole line), after `before`, the last bytes that it delivered of this file
   * or more of what stands there: 256, or all from the file's start where there are fewer.
   */
  cursorAt(range: ReadRange, offset: number, before: Uint8Array): FileCursor;
  close(): void;
}
