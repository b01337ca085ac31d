import { statfsSync } from 'node:fs';
import type { StatsFs } from 'node:fs';
import type { Environment } from '../shell/find-program.ts';
import { capturedText } from '../shell/head-and-tail.ts';
import { unanswered } from '../shell/unanswered.ts';

/** What statfs(2) tells, as it stands there: counts that a filesystem does not keep are 0, -1 or 2^64 - 1. */
export interface FilesystemCounts {
  /** Bytes of one block of the next three, which is f_frsize and not f_bsize. */
  unit: number;
  blocks: number;
  free: number;
  available: number;
  inodes: number;
  inodesFree: number;
}

export interface AskOptions {
  env: Environment;
  signal: AbortSignal;
  timeoutSeconds: number;
}

/**
 * Asks in this process, so only for filesystems that answer at once. `bsizeIsUnit`: the filesystem is known to count
 * in f_bsize. Without that, undefined on Node 22, which leaves f_frsize out.
 */
export function statfsInProcess(path: string, bsizeIsUnit: boolean): FilesystemCounts | undefined {
  const stats: Omit<StatsFs, 'frsize'> & { frsize?: number } = statfsSync(path);
  const unit = stats.frsize ?? (bsizeIsUnit ? stats.bsize : undefined);
  if (unit === undefined) return undefined;
  return {
    unit,
    blocks: stats.blocks,
    free: stats.bfree,
    available: stats.bavail,
    inodes: stats.files,
    inodesFree: stats.ffree,
  };
}

/**
 * Asks through one `stat` that can be ended, and let go of when even SIGKILL does not end it. Throws an Error whose
 * `code` is that of the system call (`EACCES`, `ESTALE` ...) or `ETIMEDOUT`.
 */
export async function statfsByProgram(path: string, options: AskOptions): Promise<FilesystemCounts> {
  const { runProgram } = await import('../shell/run-program.ts');
  const { end, stdout, stderr } = await runProgram({
    argv: ['stat', '-f', '-c', '%S %b %f %a %c %d', '--', path],
    // The messages are read below, so they have to be the untranslated ones.
    env: { PATH: options.env['PATH'], LC_ALL: 'C' },
    timeoutSeconds: options.timeoutSeconds,
    // It has nothing to tidy up, and one that waits in the kernel takes neither signal.
    graceSeconds: 0,
    abandonSeconds: 0.1,
    signal: options.signal,
  });
  if (end.kind === 'not-started') throw new Error(end.message);
  if (end.kind === 'exited' && end.code === 0) return parseStatOutput(capturedText(stdout));
  if (end.kind === 'exited') throw statFailure(capturedText(stderr));
  if (end.kind === 'signalled') throw new Error(`'stat' was ended by ${end.signal}`);
  throw unanswered(end, options.timeoutSeconds);
}

/** Exported for tests. */
export function parseStatOutput(text: string): FilesystemCounts {
  const match = /^(\d+) (-?\d+) (-?\d+) (-?\d+) (-?\d+) (-?\d+)\n?$/.exec(text);
  if (match === null) throw new SyntaxError(`'stat -f' answered something else than six numbers`);
  const [unit, blocks, free, available, inodes, inodesFree] = match.slice(1).map(Number);
  return {
    unit: unit!,
    blocks: blocks!,
    free: free!,
    available: available!,
    inodes: inodes!,
    inodesFree: inodesFree!,
  };
}

/** strerror(3) in the C locale. The last two mean a FUSE daemon that died and a CIFS server that is down. */
const codes: Record<string, string> = {
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
  'No such file or directory': 'ENOENT',
  'Input/output error': 'EIO',
  'Stale file handle': 'ESTALE',
  'Connection timed out': 'ETIMEDOUT',
  'Transport endpoint is not connected': 'EIO',
  'Host is down': 'EIO',
};

/** `stat: cannot read file system information for 'PATH': REASON`, where PATH may hold anything. */
function statFailure(text: string): Error {
  const reason = text.trimEnd().split(': ').at(-1)!;
  const error = new Error(reason === '' ? `'stat' failed without a message` : reason);
  return Object.assign(error, { code: codes[reason] ?? 'failed' });
}
