import { readAt } from '../cursor/stored-file.ts';

const knownLength = 256;

/** What was read of a file, at its beginning and at last: at most 256 bytes of each. It tells whether it is still there. */
export interface KnownBytes {
  head: Buffer;
  /** Those before the position up to which the file was read. */
  tail: Buffer;
}

export const nothingKnown: KnownBytes = { head: Buffer.alloc(0), tail: Buffer.alloc(0) };

/** As if the file had been read up to `position`. */
export function knownBefore(descriptor: number, position: number): KnownBytes {
  const length = Math.min(position, knownLength);
  return { head: readAt(descriptor, 0, length), tail: readAt(descriptor, position - length, length) };
}

/** With `chunk` read after what is known. Its memory is not kept. */
export function knownAfter({ head, tail }: KnownBytes, chunk: Buffer): KnownBytes {
  const longerHead = head.length < knownLength ? joined(head, chunk).subarray(0, knownLength) : head;
  const isLong = chunk.length >= knownLength;
  return {
    head: longerHead === head ? head : Buffer.from(longerHead),
    tail: Buffer.from((isLong ? chunk : Buffer.concat([tail, chunk])).subarray(-knownLength)),
  };
}

function joined(head: Buffer, chunk: Buffer): Buffer {
  return Buffer.concat([head, chunk.subarray(0, knownLength - head.length)]);
}

/** False when the file was truncated since, and has grown beyond `position` again. */
export function isStillThere({ head, tail }: KnownBytes, descriptor: number, position: number): boolean {
  if (position === 0) return true;
  const length = Math.min(position, knownLength);
  return readAt(descriptor, position - length, length).equals(tail) && readAt(descriptor, 0, head.length).equals(head);
}
