import { readSync } from 'node:fs';
import { UserError } from '../errors/user-error.ts';
import { formatSize } from '../quantity/size.ts';
import { systemFailure } from '../files/system-failure.ts';
import { formatProblem } from './problem.ts';
import { textPositions } from './text-position.ts';

/** Nobody writes a configuration of this size by hand. */
export const maxBytes = 1024 * 1024;

/** The whole file as text, without its byte order mark. Throws UserError when it is huge or not UTF-8. */
export function readText(descriptor: number, path: string): string {
  const buffer = Buffer.allocUnsafe(maxBytes + 1);
  let length = 0;
  try {
    // Read until the end instead of trusting the size, which may grow meanwhile.
    for (;;) {
      const bytesRead = readSync(descriptor, buffer, length, buffer.length - length, length);
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

/** Text of UTF-8 bytes without their byte order mark; a UserError with the place of the first byte that is none. */
export function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const before = longestText(bytes);
    const offset = Buffer.byteLength(before);
    const visible = before.replace(/^\uFEFF/, '');
    const byte = bytes[offset]!.toString(16).padStart(2, '0');
    const message = `byte 0x${byte} at offset ${offset} is not UTF-8`;
    throw new UserError(formatProblem({ ...textPositions(visible)(visible.length), path: '', message }, path), {
      code: 'config',
      hints: ['save the file as UTF-8, for instance with iconv -t UTF-8'],
    });
  }
}

/** What can be decoded before the first wrong byte: the decoder tells that there is one, not where. */
function longestText(bytes: Uint8Array): string {
  let text = '';
  let valid = 0;
  let invalid = bytes.length + 1;
  while (valid + 1 < invalid) {
    const middle = Math.floor((valid + invalid) / 2);
    const start = startOfText(bytes.subarray(0, middle));
    if (start === undefined) {
      invalid = middle;
    } else {
      valid = middle;
      text = start;
    }
  }
  return text;
}

/** The text of bytes that may end inside of a character; undefined when one of them is wrong. */
function startOfText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
