import type { FileHandle } from 'node:fs/promises';
import { UserError } from '../errors/user-error.ts';
import { formatSize } from '../quantity/size.ts';
import { systemFailure } from '../files/system-failure.ts';
import { formatProblem } from './problem.ts';
import { textPositions } from './text-position.ts';

/** Nobody writes a configuration of this size by hand. */
export const maxBytes = 1024 * 1024;

/** The whole file as text, without its byte order mark. Throws UserError when it is huge or not UTF-8. */
export async function readText(handle: FileHandle, path: string): Promise<string> {
  const buffer = Buffer.allocUnsafe(maxBytes + 1);
  let length = 0;
  try {
    // Read until the end instead of trusting the size, which may grow meanwhile.
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) break;
    }
  } catch (error) {
    throw systemFailure(`cannot read '${path}'`, error);
  }
  if (length > maxBytes) {
    throw new UserError(`cannot read '${path}': it is larger than ${formatSize(maxBytes)}`, {
      code: 'config',
      hints: ['check that it is the right file'],
    });
  }
  return decodeUtf8(buffer.subarray(0, length), path);
}

/** Text of UTF-8 bytes; a UserError with the place of the first byte that is none. */
export function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const offset = firstInvalidByte(bytes);
    const before = new TextDecoder('utf-8').decode(bytes.subarray(0, offset));
    const byte = bytes[offset]!.toString(16).padStart(2, '0');
    const place = {
      ...textPositions(before)(before.length),
      path: '',
      message: `byte 0x${byte} at offset ${offset} is not UTF-8`,
    };
    throw new UserError(formatProblem(place, path), {
      code: 'config',
      hints: ['save the file as UTF-8, for instance with iconv -t UTF-8'],
    });
  }
}

/** The decoder tells that a byte is wrong, not which: the end of the longest part that can be the start of a text. */
function firstInvalidByte(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (valid + 1 < invalid) {
    const middle = Math.floor((valid + invalid) / 2);
    if (isStartOfText(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  return invalid - 1;
}

function isStartOfText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
