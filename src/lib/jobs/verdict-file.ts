import { closeSync, constants, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { readJobMessage } from './job-channel.ts';
import type { Verdict } from '../results/verdict.ts';

/** What a command of ours told the job that ran it. */
export interface Judgements {
  verdicts: readonly Verdict[];
  /** How it ended by its own words; absent when it was killed, or could not even read its words. */
  end?: { exitCode: number; failure?: string };
  /** Judgements beyond what is read. */
  more: number;
  /** Where the next attempt writes on. */
  endsAt: number;
}

/** More than any report needs; what is ok is told only for subjects that were not. */
const mostBytes = 32 * 1024 * 1024;
const mostVerdicts = 20_000;
/** In UTF-16 code units. */
const longestLine = 1024 * 1024;

/** A new file to which a command may append its judgements. Throws the failure of the system call, a full disk included. */
export function openVerdictFile(path: string): number {
  const { O_RDWR, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants;
  const descriptor = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o600);
  try {
    // Takes its first block now: the command itself would fail for the lack of it.
    writeSync(descriptor, '\n');
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    removeVerdictFile(path);
    throw error;
  }
}

/** Reads what was written from the position `from` on, by the descriptor of openVerdictFile. */
export function readVerdictFile(descriptor: number, from = 0): Judgements {
  const buffer = Buffer.alloc(64 * 1024);
  const verdicts: Verdict[] = [];
  let end: Judgements['end'];
  let more = 0;
  let rest = '';
  const decoder = new TextDecoder();
  const take = (line: string) => {
    const message = readJobMessage(line);
    if (message === undefined) return;
    if ('end' in message) end = message.end;
    else if (verdicts.length < mostVerdicts) verdicts.push(message.verdict);
    else more++;
  };
  let position = from;
  while (position - from < mostBytes) {
    const count = readSync(descriptor, buffer, 0, buffer.length, position);
    if (count === 0) break;
    position += count;
    const lines = (rest + decoder.decode(buffer.subarray(0, count), { stream: true })).split('\n');
    rest = lines.pop()!;
    lines.forEach(take);
    // Nobody of ours writes such a line.
    if (rest.length > longestLine) rest = '';
  }
  const endsAt = fstatSync(descriptor).size;
  // What is not read may hold anything, its end among it.
  if (position < endsAt) more++;
  return { verdicts, more, endsAt, ...(end === undefined ? {} : { end }) };
}

/** What a run that was killed left behind; undefined when it had none. */
export function readLeftVerdicts(path: string): Judgements | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
  try {
    return readVerdictFile(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function removeVerdictFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is only in the way.
  }
}
