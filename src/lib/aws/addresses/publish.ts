import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../../errors/user-error.ts';
import { replaceFile } from '../../files/replace-file.ts';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';
import { capturedText } from '../../shell/head-and-tail.ts';
import { runProgram } from '../../shell/run-program.ts';
import { printable } from '../../text/printable.ts';
import type { Account } from '../../state/directories.ts';
import type { PendingCall } from './pending-call.ts';

export interface Publication {
  /** Absolute path. */
  file: string;
  content: Buffer;
  /** A line for sh, called when the file has changed, or when an earlier change was not followed by a call that succeeded. */
  onChange?: string | undefined;
  account: Account;
  pid: number;
  /** Unix time in seconds. */
  now: number;
  signal: AbortSignal;
  /** What the command said. */
  tell(text: string): void;
}

/** The mode of a new file: others are to read it, as nginx does. */
const newMode = 0o644;
/** The longest timer there is: a deadline is that of the whole run, --timeout. */
const noTimeout = 24 * 86_400;

/**
 * Puts `content` in the place of the file unless it is there already: then nothing is touched, not even its time. The
 * mode stays. With `onChange` its call follows, by this run or, should that be killed at whatever instant, by the next.
 *
 * Throws UserError: the file cannot be written and is as it was; the command failed, and is called again by the next
 * run; `busy`: another run is at the same file, and would write something else.
 */
export async function publish(publication: Publication): Promise<void> {
  if (publication.onChange === undefined) {
    replaceIfChanged(publication);
    return;
  }
  const { pendingCallFor } = await import('./pending-call.ts');
  const pending = pendingCallFor(publication.file, publication.account);
  if (isThere(publication) && !pending.exists()) return;
  const lock = await pending.lock(publication);
  if (lock === undefined) {
    // Whoever is at it has written the same, calls the command, and tells if that fails.
    if (isThere(publication)) return;
    throw new UserError(`cannot replace '${publication.file}': another run of asg-ips is at it`, {
      code: 'busy',
      hints: ['try again when its --on-change has ended'],
    });
  }
  try {
    await replaceAndCall(publication, publication.onChange, pending);
  } finally {
    lock.release();
  }
}

async function replaceAndCall(publication: Publication, command: string, pending: PendingCall): Promise<void> {
  const wasPending = pending.exists();
  if (!isThere(publication)) {
    pending.remember();
    try {
      replaceIfChanged(publication);
    } catch (error) {
      if (!wasPending) pending.forget();
      throw error;
    }
  } else if (!wasPending) return;
  await call(publication, command);
  pending.forget();
}

function replaceIfChanged(publication: Publication): void {
  const { file, content } = publication;
  if (!isThere(publication)) replaceFile(file, content, { mode: modeOf(file) });
}

function isThere({ file, content }: Publication): boolean {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    // What is no regular file is refused when it is to be replaced.
    return stats?.isFile() === true && stats.size === content.length && readFileSync(file).equals(content);
  } catch (error) {
    // A file that we may not read can still be replaced.
    if (systemErrorName(error) === 'EACCES') return false;
    throw systemFailure(`cannot read '${file}'`, error);
  }
}

function modeOf(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? newMode : stats.mode & 0o777;
}

async function call({ file, account, signal, tell }: Publication, command: string): Promise<void> {
  const { end, stdout, stderr } = await runProgram({
    argv: ['/bin/sh', '-c', command],
    env: { ...account.env, DEVOPS_FILE: file },
    timeoutSeconds: noTimeout,
    signal,
  });
  tell(capturedText(stdout) + capturedText(stderr));
  if (end.kind === 'exited' && end.code === 0) return;
  if (signal.aborted) {
    tell(
      `devops: '${printable(file)}' was replaced, but the command of --on-change was broken off: the next run calls it again\n`,
    );
  }
  signal.throwIfAborted();
  const how =
    end.kind === 'exited'
      ? `ended with exit code ${end.code}`
      : end.kind === 'signalled'
        ? `was ended by ${end.signal}`
        : end.kind === 'not-started'
          ? end.message
          : 'did not end';
  throw new UserError(`'${file}' was replaced, but the command of --on-change ${how}`, {
    hints: ['the next run calls it again, until it succeeds'],
  });
}
