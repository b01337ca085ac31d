import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { environment, type BenchRequest } from '../harness.ts';

/** A run that was looked at while it went on. */
export interface WatchedRun {
  exitCode: number | undefined;
  wallSeconds: number;
  /** Lines on standard output. */
  lines: number;
  /** When the first line came, in seconds from the start. */
  firstSeconds: number | undefined;
  /** The longest time between two lines. */
  longestGapSeconds: number;
  /** Resident memory at each look, five times a second, in bytes; empty without /proc. */
  resident: number[];
}

export interface WatchOptions {
  request: BenchRequest;
  /** Sends SIGINT after this time. */
  interruptAfterSeconds?: number;
}

/** Runs `argv` to its end, counts what comes and reads its memory meanwhile. */
export async function watchedRun(argv: readonly string[], options: WatchOptions): Promise<WatchedRun> {
  const [program, ...args] = argv;
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const child = spawn(program!, args, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  const watched: WatchedRun = {
    exitCode: undefined,
    wallSeconds: 0,
    lines: 0,
    firstSeconds: undefined,
    longestGapSeconds: 0,
    resident: [],
  };
  let last: number | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = count(chunk, 0x0a);
    if (lines === 0) return;
    const now = seconds();
    watched.firstSeconds ??= now;
    watched.longestGapSeconds = Math.max(watched.longestGapSeconds, now - (last ?? now));
    watched.lines += lines;
    last = now;
  });
  const look = setInterval(() => {
    const bytes = residentBytes(child.pid);
    if (bytes !== undefined) watched.resident.push(bytes);
  }, 200);
  const interrupt =
    options.interruptAfterSeconds === undefined
      ? undefined
      : setTimeout(() => child.kill('SIGINT'), options.interruptAfterSeconds * 1000);
  const onAbort = () => child.kill('SIGKILL');
  const deadline = setTimeout(onAbort, 300_000);
  options.request.signal.addEventListener('abort', onAbort, { once: true });
  const ended = Promise.withResolvers<void>();
  child.once('error', ended.reject);
  child.once('close', (code) => {
    watched.exitCode = code ?? undefined;
    watched.wallSeconds = seconds();
    ended.resolve();
  });
  try {
    await ended.promise;
    options.request.signal.throwIfAborted();
    return watched;
  } finally {
    clearInterval(look);
    clearTimeout(interrupt);
    clearTimeout(deadline);
    options.request.signal.removeEventListener('abort', onAbort);
  }
}

function count(bytes: Uint8Array, wanted: number): number {
  let found = 0;
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) found++;
  return found;
}

function residentBytes(pid: number | undefined): number | undefined {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
