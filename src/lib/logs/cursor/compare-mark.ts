import { readPlace } from './content.ts';
import { isSameFile } from './file-identity.ts';
import type { FileMark } from './file-cursor.ts';
import { headLength, isOf } from './fingerprint.ts';
import { readAt } from './stored-file.ts';
import type { StoredFile } from './stored-file.ts';

/** A file of the log beside what has to be known of it to compare. */
export interface Candidate {
  file: StoredFile;
  /** The followed path itself, not a rotated sibling. */
  isCurrent: boolean;
  /** The first bytes, uncompressed, at most 1 KiB. */
  head: Buffer;
}

/** How well a file fits a mark. */
export interface Fit {
  /** 0 is not at all; the sum over all pairs decides between them. */
  score: number;
  /** Whether nothing follows what was delivered. */
  atEnd: boolean;
}

/** Files of which fewer bytes are known are alike too often: `starting\n`. */
const fewBytes = 64;
/** What takes more than a few milliseconds to inflate. */
const longContent = 1024 * 1024;
const none: Fit = { score: 0, atEnd: false };
const sameFile = 4;

/**
 * Whether what a mark tells can be found in a file. Content decides, the inode only between equals and where there is
 * too little content. `isNewest`: the mark of the file that was written when the cursor was made.
 */
export async function compareMark(
  mark: FileMark,
  candidate: Candidate,
  isNewest: boolean,
  signal: AbortSignal,
): Promise<Fit> {
  const { file, head, isCurrent } = candidate;
  const isSame = isSameFile(mark.identity, file.identity);
  if (mark.offset === null) return compareWhole(mark, candidate, isSame);
  if (file.kind === 'unknown' || !isOf(mark.head, head.subarray(0, mark.head.length))) return none;
  const atLength = isSameLengthGzip(file, mark);
  const place = atLength ? undefined : await readPlace(file, mark.offset, signal);
  if (!atLength && (place === undefined || !isOf(mark.tail, place.before))) return none;
  const atEnd = atLength || place?.atEnd === true;
  if (isSame) return { score: sameFile + (atEnd && !isNewest ? 3 : 2), atEnd };
  return isNewest ? compareNewest(mark, isCurrent, atEnd) : compareOlder(mark, file, atEnd);
}

/**
 * The file that was being written went on, so that its end tells nothing. With little content it can only have become
 * the first file that is not known yet, and a followed path is then told by its inode only.
 */
function compareNewest(mark: FileMark, isCurrent: boolean, atEnd: boolean): Fit {
  if (mark.head.length >= fewBytes) return { score: 2, atEnd };
  return isCurrent ? none : { score: 1, atEnd };
}

/**
 * A file that was rotated before gets another inode by being compressed; a plain one that looks like it is a new one.
 * A short one may be as long as a header that all files share, and is told by its time.
 */
function compareOlder(mark: FileMark, file: StoredFile, atEnd: boolean): Fit {
  if (file.kind === 'plain' || mark.head.length === 0) return none;
  const isLong = mark.head.length === headLength;
  if (atEnd) return isLong || isOfSameTime(mark, file) ? { score: 3, atEnd } : none;
  return isLong || !mark.isComplete ? { score: 2, atEnd } : none;
}

/** gzip, zstd and logrotate give the time of the original to what they compressed, some in whole seconds only. */
function isOfSameTime({ identity }: FileMark, file: StoredFile): boolean {
  const [original, copy] = [BigInt(identity.modified), BigInt(file.identity.modified)];
  const precision = copy % 1_000_000_000n === 0n ? 1_000_000_000n : 1_000_000n;
  return original - copy < precision && copy - original < precision;
}

/** Compressed and delivered as a whole: it does not grow. */
function compareWhole(mark: FileMark, { file, head }: Candidate, isSame: boolean): Fit {
  const isSameSize = file.identity.size === mark.identity.size;
  // Without a time of birth the inode may be another file's by now.
  if (isSame && (isSameSize || file.identity.birthtime !== '0')) return { score: 7, atEnd: true };
  if (!isSameSize || file.kind === 'plain' || !isOf(mark.head, head)) return none;
  return mark.head.length === headLength || isOfSameTime(mark, file) ? { score: 3, atEnd: true } : none;
}

/**
 * Whether a gzip file with the same head says, in its last four bytes (RFC 1952), to be as long as what was delivered.
 * This saves to inflate the whole of it; one of several members says something else and is inflated.
 */
function isSameLengthGzip(file: StoredFile, { offset, head }: FileMark): boolean {
  if (file.kind !== 'gzip' || offset === null || offset < longContent || head.length < headLength) return false;
  return readAt(file.descriptor, file.identity.size - 4, 4).readUInt32LE() === offset % 2 ** 32;
}
