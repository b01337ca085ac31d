import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { systemFailure } from '../files/system-failure.ts';
import type { Environment } from './find-program.ts';
import { capturedText } from './head-and-tail.ts';
import { runProgram } from './run-program.ts';

/** Both ends of a pipe, as descriptors of ours. Neither is passed on to a child that is not given it. */
export interface OsPipe {
  read: number;
  write: number;
}

/**
 * Real pipes, pipe(7). What Node calls a pipe is a socket: whoever writes to one whose reader is gone gets ECONNRESET,
 * an error like any other, in the place of SIGPIPE. As Node has no call for it, mkfifo(1) makes named ones, whose names
 * are gone again when this resolves. Throws UserError; the caller closes all of them.
 */
export async function openPipes(count: number, env: Environment): Promise<OsPipe[]> {
  if (count === 0) return [];
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), 'devops-'));
  } catch (error) {
    throw systemFailure('cannot make a pipe', error, ['set TMPDIR to a folder that can be written']);
  }
  const pipes: OsPipe[] = [];
  try {
    const names = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    await makeNamedPipes(names, env);
    for (const name of names) pipes.push(openBothEnds(name));
    return pipes;
  } catch (error) {
    closePipes(pipes);
    throw error instanceof UserError ? error : systemFailure('cannot make a pipe', error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function closePipes(pipes: readonly OsPipe[]): void {
  for (const { read, write } of pipes) {
    closeSync(read);
    closeSync(write);
  }
}

async function makeNamedPipes(names: readonly string[], env: Environment): Promise<void> {
  const argv = ['mkfifo', '-m', '600', ...names] as const;
  const { end, stderr } = await runProgram({ argv, env: { PATH: env['PATH'] }, timeoutSeconds: 10 });
  if (end.kind === 'exited' && end.code === 0) return;
  const reason = end.kind === 'not-started' ? end.message : capturedText(stderr).trim() || `mkfifo: ${end.kind}`;
  throw new UserError(`cannot make a pipe: ${reason}`);
}

/** Opened for both first (fifo(7): that never blocks on Linux), so that neither of the other two waits for its peer. */
function openBothEnds(name: string): OsPipe {
  const both = openSync(name, constants.O_RDWR);
  try {
    const read = openSync(name, constants.O_RDONLY);
    try {
      return { read, write: openSync(name, constants.O_WRONLY) };
    } catch (error) {
      closeSync(read);
      throw error;
    }
  } finally {
    closeSync(both);
  }
}
