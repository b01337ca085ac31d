import { mostMarks } from './file-cursor.ts';
import type { FileCursor, FileMark } from './file-cursor.ts';
import type { FileIdentity } from './file-identity.ts';
import { headLength, tailLength } from './fingerprint.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { StorageKind } from './stored-file.ts';

type Fields = Partial<Record<string, unknown>>;

/** A cursor from what JSON.parse made of a state; undefined when any part of it is not as we write it. */
export function parseCursor(value: unknown): FileCursor | undefined {
  const { marks }: Fields = Object(value);
  if (!Array.isArray(marks) || marks.length > mostMarks) return undefined;
  const parsed = marks.map(parseMark);
  return parsed.every((mark) => mark !== undefined) ? { marks: parsed } : undefined;
}

function parseMark(value: unknown): FileMark | undefined {
  const {
    path,
    kind,
    identity: storedIdentity,
    offset,
    isComplete,
    head: storedHead,
    tail: storedTail,
  }: Fields = Object(value);
  const identity = parseIdentity(storedIdentity);
  const [head, tail] = [parseFingerprint(storedHead, headLength), parseFingerprint(storedTail, tailLength)];
  if (typeof path !== 'string' || identity === undefined || head === undefined || tail === undefined) return undefined;
  if (typeof isComplete !== 'boolean' || !isKind(kind)) return undefined;
  if (offset === null) return { path, identity, kind, offset, isComplete, head, tail };
  // A tail of another length would never be found, and each run would deliver the whole file again.
  if (!isCount(offset) || tail.length !== Math.min(offset, tailLength)) return undefined;
  return { path, identity, kind, offset, isComplete, head, tail };
}

function parseIdentity(value: unknown): FileIdentity | undefined {
  const { device, inode, birthtime, size, modified }: Fields = Object(value);
  if (!isDigits(device) || !isDigits(inode) || !isDigits(birthtime) || !isDigits(modified)) return undefined;
  return isCount(size) ? { device, inode, birthtime, size, modified } : undefined;
}

function parseFingerprint(value: unknown, most: number): Fingerprint | undefined {
  const { length, hash }: Fields = Object(value);
  if (!isCount(length) || length > most) return undefined;
  return typeof hash === 'string' && /^[\da-f]{64}$/.test(hash) ? { length, hash } : undefined;
}

function isKind(value: unknown): value is StorageKind {
  return ['plain', 'gzip', 'zstd', 'unknown'].includes(String(value));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Signed, because a file may carry a time before 1970. */
function isDigits(value: unknown): value is string {
  return typeof value === 'string' && /^-?\d{1,40}$/.test(value);
}
