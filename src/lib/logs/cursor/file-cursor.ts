import type { FileIdentity } from './file-identity.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { StorageKind } from './stored-file.ts';

/** How far one file was delivered. */
export interface FileMark {
  /** Where it was found: the followed path, or one of its rotated siblings. */
  path: string;
  identity: FileIdentity;
  kind: StorageKind;
  /**
   * Bytes, uncompressed, up to which it was delivered: behind a whole line. Null for a compressed file that was
   * delivered or passed over as a whole, whose length nobody measured.
   */
  offset: number | null;
  /** Whether all that was in it then was delivered or passed over; a later line is still new. */
  isComplete: boolean;
  /** Of the first bytes, uncompressed, at most 1 KiB. */
  head: Fingerprint;
  /** Of the bytes before `offset`, at most 256. */
  tail: Fingerprint;
}

/** What is known of a followed log: its newest files, the oldest first. The last is the one that was being written. */
export interface FileCursor {
  marks: readonly FileMark[];
}

/** Each lies behind those before it, so that the newest few tell all older files to be delivered. */
export const mostMarks = 16;
