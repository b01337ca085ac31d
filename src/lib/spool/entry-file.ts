import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemErrorName } from '../files/system-failure.ts';
import type { SpoolEntry } from './entry.ts';
import { parseContent } from './parse-content.ts';

/** Of an entry, as JSON in its file. */
export const largestEntry = 40 * 1024 ** 2;
/** What stands before the content fits into it. */
const headBytes = 8192;

/** An entry without its content, which may be large: what decides when it is tried. */
export type EntryHead = Omit<SpoolEntry, 'content'>;

/** Why a file is no entry that we can deliver. */
export interface UnreadableEntry {
  problem: string;
}

/** The content comes last, so that the rest can be read without it. */
export function formatEntry({ content, ...head }: SpoolEntry): string {
  return `${JSON.stringify({ ...head, content })}\n`;
}

/** Undefined when the file is gone. */
export function readHead(path: string): EntryHead | UnreadableEntry | undefined {
  const start = readStart(path, headBytes);
  if (start === undefined || typeof start !== 'string') return start;
  // Within a string of JSON the quotes would be escaped.
  const end = start.indexOf(',"content":');
  const head = end === -1 ? undefined : parseHead(`${start.slice(0, end)}}`);
  if (head !== undefined && !('problem' in head)) return head;
  // Not written by us, or not by this version.
  const whole = readStart(path, largestEntry);
  return typeof whole === 'string' ? parseHead(whole) : whole;
}

/** Undefined when the file is gone. */
export function readEntry(path: string): SpoolEntry | UnreadableEntry | undefined {
  const text = readStart(path, largestEntry + 1);
  if (text === undefined || typeof text !== 'string') return text;
  if (Buffer.byteLength(text) > largestEntry) return { problem: 'it is larger than 40 MiB' };
  const head = parseHead(text);
  if ('problem' in head) return head;
  const content = parseContent((JSON.parse(text) as { content: unknown }).content);
  return content === undefined ? { problem: 'it has neither an alert nor a mail' } : { ...head, content };
}

function readStart(path: string, bytes: number): string | UnreadableEntry | undefined {
  try {
    return readBytes(path, bytes);
  } catch (error) {
    const name = systemErrorName(error);
    if (name === undefined) throw error;
    if (name === 'ENOENT') return undefined;
    return { problem: name === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read (${name})` };
  }
}

function readBytes(path: string, bytes: number): string | UnreadableEntry {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { problem: 'it is not a regular file' };
    const buffer = Buffer.alloc(Math.min(bytes, stats.size));
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}

function parseHead(text: string): EntryHead | UnreadableEntry {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  const { version, id, createdAt, to, recipients, attempts, notBefore, lastError }: Partial<Record<string, unknown>> =
    Object(stored);
  if (typeof version === 'number' && version > 1) {
    return { problem: `a newer devops wrote it (version ${version})` };
  }
  const isEntry =
    version === 1 &&
    typeof id === 'string' &&
    typeof to === 'string' &&
    Number.isFinite(createdAt) &&
    Number.isSafeInteger(attempts) &&
    Number.isFinite(notBefore);
  if (!isEntry) return { problem: 'it is not an entry as devops writes it' };
  const head = { version, id, createdAt: Number(createdAt), to, attempts: Number(attempts) } as const;
  const error = typeof lastError === 'string' ? { lastError } : {};
  return { ...head, ...recipientsOf(recipients), notBefore: Number(notBefore), ...error };
}

function recipientsOf(stored: unknown): Pick<SpoolEntry, 'recipients'> {
  const isList = Array.isArray(stored) && stored.every((one) => typeof one === 'string');
  return isList ? { recipients: stored } : {};
}
