import { closeSync, existsSync, lstatSync, openSync, renameSync, rmSync, writeSync, fsyncSync } from 'node:fs';
import { UserError } from './lib/errors/user-error.ts';

/** A file of --report: written beside its place and put there whole, however the run ends. */
export interface ReportFile {
  write(text: string): void;
  /** Puts the file in its place. */
  finish(): void;
}

/**
 * Opens it before the work begins, so that a path that cannot be written fails at once. `unfinished` is what stands
 * there until the end: after kill -9 nobody must read the green report of an earlier run.
 */
export function openReportFile(path: string, unfinished: string | undefined): ReportFile {
  try {
    // A pipe or a device cannot be replaced, only written to.
    if (existsSync(path) && !lstatSync(path).isFile()) return directFile(path);
    if (unfinished !== undefined) putInPlace(path, unfinished);
    const temporary = `${path}.${Math.random().toString(36).slice(2, 10)}.part`;
    const descriptor = openSync(temporary, 'wx', 0o644);
    return {
      write(text) {
        try {
          writeWhole(descriptor, text);
        } catch (error) {
          rmSync(temporary, { force: true });
          throw reportError(path, error);
        }
      },
      finish() {
        fsyncSync(descriptor);
        closeSync(descriptor);
        renameSync(temporary, path);
      },
    };
  } catch (error) {
    throw reportError(path, error);
  }
}

function directFile(path: string): ReportFile {
  const descriptor = openSync(path, 'w');
  return { write: (text) => writeWhole(descriptor, text), finish: () => closeSync(descriptor) };
}

function putInPlace(path: string, text: string): void {
  const file = openReportFile(path, undefined);
  file.write(text);
  file.finish();
}

function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}

function reportError(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError(`cannot write the report ${path}: ${(error as Error).message}`, {
    hints: ['name a file in a folder that exists and that you may write to'],
    cause: error,
  });
}
