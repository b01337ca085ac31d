import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';
import { sniffedBytes, sniffSource } from '../source/source-kind.ts';
import { identityOf } from './file-identity.ts';
import type { FileIdentity } from './file-identity.ts';

/** How the bytes of a file are to be read. `unknown` is compressed in a way that is not looked at here. */
export type StorageKind = 'plain' | 'gzip' | 'zstd' | 'unknown';

/** A file that was opened once; all that is said of it is of this descriptor, whatever its name means by now. */
export interface StoredFile {
  path: string;
  descriptor: number;
  identity: FileIdentity;
  kind: StorageKind;
}

/** Beside those that a search knows: lz4, compress, zip and lzma. */
const otherMagicNumbers = ['04224d18', '1f9d', '504b0304', '5d000080'];

/**
 * Opens a regular file, without waiting for the other end of a named pipe. Undefined when nothing is there (any more)
 * or when it is not a regular file; throws UserError when it cannot be opened.
 */
export function openStored(path: string): StoredFile | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    // ENXIO is a socket.
    if (['ENOENT', 'ENXIO'].includes(systemErrorName(error) ?? '')) return undefined;
    throw systemFailure(`cannot read '${path}'`, error);
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (stats.isFile()) {
      return { path, descriptor, identity: identityOf(stats), kind: kindOf(readAt(descriptor, 0, sniffedBytes)) };
    }
  } catch (error) {
    closeSync(descriptor);
    throw systemFailure(`cannot read '${path}'`, error);
  }
  closeSync(descriptor);
  return undefined;
}

function kindOf(head: Buffer): StorageKind {
  const kind = sniffSource(head);
  if (kind === 'gzip' || kind === 'zstd') return kind;
  const digits = head.toString('hex');
  const isOther = kind === 'bzip2' || kind === 'xz' || otherMagicNumbers.some((magic) => digits.startsWith(magic));
  return isOther ? 'unknown' : 'plain';
}

/** Up to `length` bytes from `position` on, fewer at the end of the file. */
export function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, bytes, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
