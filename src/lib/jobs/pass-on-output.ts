import { closeSync, constants, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { systemErrorName } from '../files/system-failure.ts';
import { gapLine } from '../shell/head-and-tail.ts';
import { createStreamMask, type StreamMask } from '../shell/mask-stream.ts';
import { appendWhole, openOutputFile } from '../shell/open-output-file.ts';
import { type Follower, followFile } from './follow-file.ts';

/** Output that somebody follows while the job runs. */
export interface StreamedOutput {
  kind: 'stream';
  /** Our standard output and error are not the same thing; else all comes as `stdout`, in the order of the job. */
  isSplit: boolean;
  /** The chunk is overwritten when the promise settles; one that rejects has no reader any more. */
  write(chunk: Buffer, stream: 'stdout' | 'stderr'): Promise<void> | undefined;
}

/** What is streamed of the output of a run. */
export interface LivePass {
  /** Descriptor for its standard output, where that is streamed by itself. */
  readonly stdout: number | undefined;
  /** For what did not go into a file. */
  take(chunk: Buffer, stream: 'stdout' | 'stderr'): Promise<void> | undefined;
  /** Puts into the log what it wrote on its standard output. */
  endAttempt(): void;
  /** Resolves when all was passed on. */
  end(): Promise<void>;
  /** Passes on no more. */
  close(): void;
}

interface Setup {
  /** Where the log is. */
  folder: string | undefined;
  runId: string;
  secrets: readonly string[];
  /** So much of what it wrote on its standard output is put into the log. */
  keepBytes: number;
  warn(message: string): void;
  /** The log, and a descriptor that appends to it; undefined where there is none. */
  path: string | undefined;
  descriptor: number | undefined;
}

/** Both at once would be one line in two. */
const line = '[devops: what it wrote on standard error ends here; on standard output:]\n';

/**
 * Streams what a job writes into its log. When our standard output and error are two, so are those of the job: its
 * standard output gets a file without a name, which is put into the log at the end of each attempt.
 */
export function passOnOutput(live: StreamedOutput, setup: Setup): LivePass {
  const { path, descriptor, warn } = setup;
  const streams = {
    stdout: openStream(live, 'stdout', setup.secrets),
    stderr: openStream(live, 'stderr', setup.secrets),
  };
  const followers: Follower[] = [];
  const nameless = path !== undefined && descriptor !== undefined && live.isSplit ? openNameless(setup) : undefined;
  const isSplit = nameless !== undefined;
  const log = path === undefined || descriptor === undefined ? undefined : openToFollow(path, warn);
  const logFollower =
    log === undefined ? undefined : followFile(log, isSplit ? streams.stderr.take : streams.stdout.take);
  if (logFollower !== undefined) followers.push(logFollower);
  if (isSplit) followers.push(followFile(nameless.read, streams.stdout.take));
  let kept = 0;
  return {
    stdout: nameless?.write,
    take: (chunk, stream) => streams[live.isSplit ? stream : 'stdout'].take(chunk),
    endAttempt() {
      if (!isSplit || descriptor === undefined) return;
      const { size } = fstatSync(nameless.write);
      const from = fstatSync(descriptor).size;
      if (size > kept) {
        if (from > 0) appendWhole(descriptor, Buffer.from(line));
        appendPart(nameless.read, descriptor, { from: kept, to: size, keepBytes: setup.keepBytes });
      }
      logFollower?.skip(from, fstatSync(descriptor).size);
      kept = size;
    },
    async end() {
      await Promise.all(followers.map((follower) => follower.end()));
      await Promise.all([streams.stdout.end(), streams.stderr.end()]);
    },
    close() {
      for (const follower of followers) follower.close();
      if (nameless !== undefined) closeSync(nameless.write);
    },
  };
}

interface Stream {
  take(chunk: Buffer): Promise<void> | undefined;
  /** What was held back because it might have been the beginning of a secret. */
  end(): Promise<void>;
}

function openStream({ write }: StreamedOutput, name: 'stdout' | 'stderr', secrets: readonly string[]): Stream {
  const mask: StreamMask | undefined = secrets.length === 0 ? undefined : createStreamMask(secrets);
  const pass = (chunk: Buffer) => (chunk.length === 0 ? undefined : write(chunk, name));
  return {
    take: (chunk) => pass(mask === undefined ? chunk : mask.push(chunk)),
    end: async () => (mask === undefined ? undefined : await pass(mask.end())?.catch(() => undefined)),
  };
}

/** Undefined when it cannot be had: then both are streamed as they stand in the log. */
function openNameless({ folder, runId, warn }: Setup): { read: number; write: number } | undefined {
  if (folder === undefined) return undefined;
  const path = join(folder, `.${runId}.out`);
  try {
    const write = openOutputFile(path);
    try {
      return { write, read: openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW) };
    } finally {
      // Nobody finds it, and no kill leaves it behind.
      unlinkSync(path);
    }
  } catch (error) {
    if (!(error instanceof UserError) && systemErrorName(error) === undefined) throw error;
    warn(`${(error as Error).message}: standard output and standard error are passed on as one`);
    return undefined;
  }
}

function openToFollow(path: string, warn: (message: string) => void): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    warn(`cannot read '${path}': the output is kept, and not passed on`);
    return undefined;
  }
}

/** Of more than `keepBytes` the beginning and the end. */
function appendPart(
  source: number,
  target: number,
  { from, to, keepBytes }: { from: number; to: number; keepBytes: number },
): void {
  const omitted = Math.max(0, to - from - keepBytes);
  const half = Math.floor(keepBytes / 2);
  if (omitted === 0) return copy(source, target, from, to);
  copy(source, target, from, from + half);
  appendWhole(target, Buffer.from(gapLine(omitted)));
  copy(source, target, from + half + omitted, to);
}

function copy(source: number, target: number, from: number, to: number): void {
  const piece = Buffer.alloc(Math.min(262_144, to - from));
  for (let at = from; at < to;) {
    const count = readSync(source, piece, 0, Math.min(piece.length, to - at), at);
    // It became shorter, or there is no room in the log.
    if (count === 0 || !appendWhole(target, piece.subarray(0, count))) return;
    at += count;
  }
}
