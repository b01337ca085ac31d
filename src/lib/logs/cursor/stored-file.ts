import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';
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

const magicNumbers: readonly [StorageKind, string][] = [
  ['gzip', '1f8b08'],
  ['zstd', '28b52ffd'],
  ['unknown', '425a68'],
  ['unknown', 'fd377a585a00'],
  ['unknown', '04224d18'],
  ['unknown', '1f9d'],
  ['unknown', '504b0304'],
  ['unknown', '5d000080'],
];

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
      return { path, descriptor, identity: identityOf(stats), kind: kindOf(readAt(descriptor, 0, 8)) };
    }
  } catch (error) {
    closeSync(descriptor);
    throw systemFailure(`cannot read '${path}'`, error);
  }
  closeSync(descriptor);
  return undefined;
}

function kindOf(bytes: Buffer): StorageKind {
  const digits = bytes.toString('hex');
  return magicNumbers.find(([, magic]) => digits.startsWith(magic))?.[0] ?? 'plain';
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
