import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A FUSE mount in a temporary folder, of the type `fuse.test`. It stands in a mount namespace of its own: in that of the
 * machine every other test that looks at all mounts would meet it.
 */
export interface FuseMount {
  /** Where it is for those inside. */
  path: string;
  /** The same for everybody else. */
  pathFromOutside: string;
  /** The mount table of those inside. */
  mountinfo(): string;
  /** argv that runs this program inside. */
  inside(argv: readonly string[]): string[];
  /** Takes the mount down, which frees whoever waits in it, and removes the folder. */
  stop(): Promise<void>;
}

/** Why this machine cannot make one: a test passes it to `context.skip`, so that the summary shows it. */
export interface NoMount {
  unavailable: string;
}

/** A mount whose statfs(2) never answers, not even to SIGKILL. See `startFuseMount`. */
export function startDeadMount(): Promise<FuseMount | NoMount> {
  return startFuseMount({ mode: 'dead' });
}

/**
 * `dead`: statfs never answers. `frsize`: a healthy filesystem with f_bsize 1 MiB, f_frsize 4 KiB, 1,000,000 blocks
 * of the latter, 400,000 free, 300,000 available, 1,000 inodes, 900 free.
 *
 * With CI=true it rejects where it would otherwise tell why no such mount can be made.
 */
export async function startFuseMount(options: { mode: 'dead' | 'frsize' }): Promise<FuseMount | NoMount> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dead-mount-')));
  try {
    const program = await compile(folder);
    const path = join(folder, 'mount');
    mkdirSync(path);
    const apart = isRoot() ? ['--mount'] : ['--mount', '--map-root-user'];
    const argv = [...apart, '--propagation', 'private', '--', program, options.mode, path];
    const daemon = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'pipe'] });
    await mounted(daemon);
    const namespaces = isRoot() ? ['--mount'] : ['--mount', '--user', '--preserve-credentials'];
    return {
      path,
      pathFromOutside: `/proc/${daemon.pid}/root${path}`,
      mountinfo: () => readFileSync(`/proc/${daemon.pid}/mountinfo`, 'utf8'),
      inside: (words) => ['nsenter', `--target=${daemon.pid}`, ...namespaces, '--', ...words],
      stop: () => takeDown(daemon, folder),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const reason = `no FUSE mount can be made here: ${error instanceof Error ? error.message : String(error)}`;
    if (process.env['CI'] === 'true') throw new Error(reason, { cause: error });
    return { unavailable: reason };
  }
}

async function compile(folder: string): Promise<string> {
  const source = join(import.meta.dirname, 'dead-fuse', 'dead-fuse.c');
  const program = join(folder, 'dead-fuse');
  const { stdout: flags } = await run('pkg-config', ['--cflags', '--libs', 'fuse3'], { timeout: 10_000 });
  await run('gcc', ['-O1', '-o', program, source, ...flags.trim().split(/\s+/)], { timeout: 60_000 });
  return program;
}

/** Resolves when the daemon says that the mount is there. */
async function mounted(daemon: ChildProcess): Promise<void> {
  let said = '';
  daemon.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const timer = setTimeout(() => daemon.kill('SIGKILL'), 10_000);
  const ready = daemon.stdout === null ? Promise.reject(new Error('no output')) : once(daemon.stdout, 'data');
  const ended = once(daemon, 'close').then(() => Promise.reject(new Error(said.trim() || 'the daemon ended')));
  try {
    await Promise.race([ready, ended]);
  } finally {
    clearTimeout(timer);
    ended.catch(() => undefined);
  }
}

async function takeDown(daemon: ChildProcess, folder: string): Promise<void> {
  if (daemon.exitCode === null && daemon.signalCode === null) {
    const ended = once(daemon, 'exit');
    const timer = setTimeout(() => daemon.kill('SIGKILL'), 5000);
    daemon.stdin?.end();
    await ended;
    clearTimeout(timer);
  }
  // The mount is gone with the last process of its namespace.
  rmSync(folder, { recursive: true, force: true });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
