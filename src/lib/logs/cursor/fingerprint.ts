import { sha256 } from './sha256.ts';

/** Bytes that are remembered without being stored: a state file must not hold what a log says. */
export interface Fingerprint {
  /** Bytes. */
  length: number;
  /** SHA-256, lower-case hexadecimal. */
  hash: string;
}

/** Of a file's head. */
export const headLength = 1024;
/** Of what stands before the offset. */
export const tailLength = 256;

export function fingerprintOf(bytes: Uint8Array): Fingerprint {
  return { length: bytes.length, hash: sha256(bytes) };
}

/** Whether `bytes` are those of the fingerprint. */
export function isOf(print: Fingerprint, bytes: Uint8Array): boolean {
  return bytes.length === print.length && fingerprintOf(bytes).hash === print.hash;
}
