import { closeSync, constants, fstatSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { systemErrorName } from '../files/system-failure.ts';
import { createStreamMask, type StreamMask } from '../shell/mask-stream.ts';
import { openOutputFile } from '../shell/open-output-file.ts';
import { addToLog } from './add-to-log.ts';
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

/**
 * Streams what a job writes into its log. When our standard output and error are two, so are those of the job: its
 * standard output gets a file of its own, RUNID.out, which is put into the log at the end of each attempt, and removed. A
 * kill leaves it to the next run.
 */
export function passOnOutput(live: StreamedOutput, setup: Setup): LivePass {
  const { path, descriptor, warn } = setup;
  const streams = {
    stdout: openStream(live, 'stdout', setup.secrets),
    stderr: openStream(live, 'stderr', setup.secrets),
  };
  const followers: Follower[] = [];
  const own = path !== undefined && descriptor !== undefined && live.isSplit ? openOwn(setup) : undefined;
  const isSplit = own !== undefined;
  const log = path === undefined || descriptor === undefined ? undefined : openToFollow(path, warn);
  const logFollower =
    log === undefined ? undefined : followFile(log, isSplit ? streams.stderr.take : streams.stdout.take);
  if (logFollower !== undefined) followers.push(logFollower);
  if (isSplit) followers.push(followFile(own.read, streams.stdout.take));
  let kept = 0;
  return {
    stdout: own?.write,
    take: (chunk, stream) => streams[live.isSplit ? stream : 'stdout'].take(chunk),
    endAttempt() {
      if (!isSplit || descriptor === undefined) return;
      const before = fstatSync(descriptor).size;
      kept = addToLog(descriptor, own.read, { from: kept, keepBytes: setup.keepBytes });
      logFollower?.skip(before, fstatSync(descriptor).size);
    },
    async end() {
      await Promise.all(followers.map((follower) => follower.end()));
      await Promise.all([streams.stdout.end(), streams.stderr.end()]);
    },
    close() {
      for (const follower of followers) follower.close();
      if (own === undefined) return;
      closeSync(own.write);
      rmSync(own.path, { force: true });
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
function openOwn({ folder, runId, warn }: Setup): { path: string; read: number; write: number } | undefined {
  if (folder === undefined) return undefined;
  const path = join(folder, `${runId}.out`);
  try {
    const write = openOutputFile(path);
    return { path, write, read: openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW) };
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
