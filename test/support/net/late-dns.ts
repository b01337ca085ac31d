import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A network of its own with nothing but loopback in it, where one server answers every DNS question late. All of a
 * machine's programs can be run in it, whatever their resolver is: the C library's as well as one of their own.
 */
export interface LateDns {
  /** argv that runs this program inside. */
  inside(argv: readonly string[]): string[];
  stop(): Promise<void>;
}

/** Why this machine cannot have one: a test passes it to `context.skip`, so that the summary shows it. */
export interface NoLateDns {
  unavailable: string;
}

/** The C library must ask the server and nobody else: no systemd-resolved over its socket, no name cache daemon. */
const inNamespace = `
set -e
ip link set lo up || ifconfig lo up
mount --bind "$1/resolv.conf" /etc/resolv.conf
if [ -e /etc/nsswitch.conf ]; then mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf; fi
if [ -d /run/nscd ]; then mount --bind "$1/nothing" /run/nscd; fi
shift
exec "$@"
`;

/**
 * Starts a DNS server that answers after `delayMilliseconds` with the one IPv4 address `address` (127.0.0.1) for every
 * name, except that names whose first label starts with `absent` do not exist and those with `mute` are never answered.
 * Root may do that, and so may everybody else where the kernel lets users make namespaces. With CI=true it rejects
 * where it would otherwise tell why it cannot be had.
 */
export async function startLateDns(options: {
  delayMilliseconds: number;
  address?: string;
}): Promise<LateDns | NoLateDns> {
  const folder = mkdtempSync(join(tmpdir(), 'late-dns-'));
  writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  writeFileSync(join(folder, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  mkdirSync(join(folder, 'nothing'));
  const isRoot = process.getuid?.() === 0;
  const apart = ['--mount', '--net', ...(isRoot ? [] : ['--map-root-user'])];
  const program = join(import.meta.dirname, 'late-dns-server.ts');
  const server = [process.execPath, program, String(options.delayMilliseconds), options.address ?? '127.0.0.1'];
  const holder = spawn('unshare', [...apart, '--', 'sh', '-c', inNamespace, 'late-dns', folder, ...server], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  try {
    await listening(holder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const reason = `no network with late DNS can be made here: ${error instanceof Error ? error.message : String(error)}`;
    if (process.env['CI'] === 'true') throw new Error(reason, { cause: error });
    return { unavailable: reason };
  }
  const namespaces = [...(isRoot ? [] : ['--user', '--preserve-credentials']), '--mount', '--net'];
  return {
    // A changed mount namespace also changes the working directory to its root.
    inside: (argv) => ['nsenter', `--target=${holder.pid}`, ...namespaces, '--', ...argv],
    stop: () => end(holder, folder),
  };
}

/** Resolves when the server says that it is there. */
async function listening(holder: ChildProcess): Promise<void> {
  let said = '';
  holder.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const timer = setTimeout(() => holder.kill('SIGKILL'), 10_000);
  const ready = holder.stdout === null ? Promise.reject(new Error('no output')) : once(holder.stdout, 'data');
  const ended = once(holder, 'close').then(() => Promise.reject(new Error(said.trim() || 'the server ended')));
  try {
    await Promise.race([ready, ended]);
  } finally {
    clearTimeout(timer);
    ended.catch(() => undefined);
  }
}

/** The namespaces are gone with the last process in them. */
async function end(holder: ChildProcess, folder: string): Promise<void> {
  if (holder.exitCode === null && holder.signalCode === null) {
    const ended = once(holder, 'exit');
    const timer = setTimeout(() => holder.kill('SIGKILL'), 5000);
    holder.stdin?.end();
    await ended;
    clearTimeout(timer);
  }
  rmSync(folder, { recursive: true, force: true });
}
