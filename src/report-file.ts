import { closeSync, constants, fstatSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { descriptorWriter } from './descriptor-writer.ts';
import { UserError } from './lib/errors/user-error.ts';
import { followLinks } from './lib/files/follow-links.ts';
import { systemErrorName, systemFailure } from './lib/files/system-failure.ts';

/** A file of --report: written beside its place and put there whole, however the run ends. */
export interface ReportFile {
  /** Undefined when written at once. A failure is kept for `finish`: the run itself is worth more than its copy. */
  write(text: string): Promise<void> | undefined;
  /** Puts the file in its place; rejects with what went wrong since it was opened. */
  finish(): Promise<void>;
  /** Leaves what stood there before. */
  discard(): void;
}

/** How long a named pipe may be without a reader. */
const readerMilliseconds = 2000;

/**
 * Opens it before the work begins, so that a path that cannot be written fails at once. `unfinished` is what stands
 * there until the end: after kill -9 nobody must read the green report of an earlier run.
 */
export async function openReportFile(path: string, unfinished: string | undefined): Promise<ReportFile> {
  try {
    // A pipe or a device cannot be replaced, only written to; /dev/stdout may be a file that others write to as well.
    // /dev/shm and /dev/mqueue are folders as others.
    const isDevice = /^\/(?:dev\/(?!shm\/|mqueue\/)|proc\/)/.test(path);
    if (isDevice || statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
      return await directFile(path);
    }
    const target = followLinks(path);
    if (unfinished !== undefined) {
      const placeholder = replacedFile(target);
      await placeholder.write(unfinished);
      await placeholder.finish();
    }
    return replacedFile(target);
  } catch (error) {
    throw reportError(path, error);
  }
}

function replacedFile(path: string): ReportFile {
  const temporary = `${path}.${Math.random().toString(36).slice(2, 10)}.part`;
  const descriptor = openSync(temporary, 'wx', 0o644);
  let failed: { error: unknown } | undefined;
  return {
    write(text) {
      if (failed !== undefined) return undefined;
      try {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      } catch (error) {
        failed = { error };
      }
      return undefined;
    },
    finish() {
      try {
        if (failed !== undefined) throw failed.error;
        fsyncSync(descriptor);
        renameSync(temporary, path);
        return Promise.resolve();
      } catch (error) {
        rmSync(temporary, { force: true });
        return Promise.reject(reportError(path, error));
      } finally {
        closeSync(descriptor);
      }
    },
    discard() {
      rmSync(temporary, { force: true });
      closeSync(descriptor);
    },
  };
}

/** Never blocks: a reader that is slow or does not come must not keep signals from being noticed. */
async function directFile(path: string): Promise<ReportFile> {
  const inherited = inheritedFile(path);
  const descriptor = inherited ?? (await openForReader(path));
  const writer = descriptorWriter(descriptor, (error) => reportError(path, error));
  let failed: { error: unknown } | undefined;
  return {
    write(text) {
      if (failed !== undefined) return undefined;
      return writer.write(text)?.catch((error: unknown) => {
        failed ??= { error };
      });
    },
    async finish() {
      await writer.flush();
      if (inherited === undefined) closeSync(descriptor);
      if (failed !== undefined) throw failed.error;
    },
    discard() {
      if (inherited === undefined) closeSync(descriptor);
    },
  };
}

/** The descriptor that /dev/stdout means, where that is a file: opened anew, it would be written over from its start. */
function inheritedFile(path: string): number | undefined {
  const match = /^\/(?:dev|proc\/self)\/(?:(stdout)|(stderr)|fd\/(\d+))$/.exec(path);
  if (match === null) return undefined;
  const descriptor = match[1] !== undefined ? 1 : match[2] !== undefined ? 2 : Number(match[3]);
  return fstatSync(descriptor).isFile() ? descriptor : undefined;
}

async function openForReader(path: string): Promise<number> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK;
  for (let waited = 0; ; waited += 20) {
    try {
      return openSync(path, flags);
    } catch (error) {
      // A named pipe that nobody reads yet, fifo(7).
      if (systemErrorName(error) !== 'ENXIO' || waited >= readerMilliseconds) throw error;
      await sleep(20);
    }
  }
}

function reportError(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  return systemFailure(`cannot write the report ${path}`, error, [
    'name a file in a folder that exists and that you may write to',
  ]);
}
