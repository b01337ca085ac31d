import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../../harness.ts';
import { findProgram } from '../../programs.ts';
import { accessLog } from './access-log.ts';
import { appLog } from './app-log.ts';
import { jsonLog } from './json-log.ts';
import type { Storage } from './storage.ts';
import { writeDay, type DayLog } from './write-day.ts';

const mebibyte = 2 ** 20;

/** Bytes of the logs, by `--size`. */
export const logSizes = {
  full: {
    'app.log': 1024 * mebibyte,
    'app-large.log': 4096 * mebibyte,
    'access.log': 1024 * mebibyte,
    'json.log': 512 * mebibyte,
  },
  small: {
    'app.log': 64 * mebibyte,
    'app-large.log': 256 * mebibyte,
    'access.log': 64 * mebibyte,
    'json.log': 32 * mebibyte,
  },
} as const;

export type LogSize = keyof typeof logSizes;
type PlainName = keyof (typeof logSizes)['full'];

const logs: Record<PlainName, DayLog> = {
  'app.log': appLog,
  'app-large.log': appLog,
  'access.log': accessLog,
  'json.log': jsonLog,
};

/** Makes each log when it is first asked for. */
export interface LogFiles {
  size: LogSize;
  plain(name: PlainName): Promise<string>;
  /** app.log by `gzip -6`. */
  gzip(): Promise<string>;
  /** app.log by `zstd -3`; undefined without zstd. */
  zstd(): Promise<string | undefined>;
  /** A file of that many bytes in a folder of its own: holes between lines at its start and at its end. */
  sparse(name: string, bytes: number): Promise<string>;
}

export function openLogFiles(storage: Storage, size: LogSize, signal: AbortSignal): LogFiles {
  const file = (folder: string, name: string, write: (path: string) => Promise<void>) =>
    onceWhole(join(folder, name), write);
  const plain = (name: PlainName): Promise<string> => {
    const folder = name === 'app-large.log' ? (storage.disk ?? storage.fast) : storage.fast;
    return file(folder, name, (path) => writeDay(path, logSizes[size][name], logs[name], signal));
  };
  const compressed = async (name: string, argv: readonly string[]): Promise<string> => {
    const source = await plain('app.log');
    return file(storage.fast, name, (path) => printTo(path, [...argv, source], signal));
  };
  return {
    size,
    plain,
    gzip: () => compressed('app.log.gz', [findProgram('pigz', environment) ?? 'gzip', '-6', '-c']),
    async zstd() {
      const program = findProgram('zstd', environment);
      return program && compressed('app.log.zst', [program, '-q', '-3', '-c']);
    },
    sparse(name, bytes) {
      // A cursor looks for rotated siblings: it shall find none.
      const folder = join(storage.output, name);
      mkdirSync(folder);
      return file(folder, `${name}.log`, async (path) => {
        await writeDay(path, mebibyte / 2, appLog, signal);
        truncateSync(path, bytes - mebibyte / 4);
        const lines = `${path}.end`;
        await writeDay(lines, mebibyte / 4, appLog, signal);
        await printTo(path, ['cat', lines], signal, 'a');
        rmSync(lines);
      });
    },
  };
}

/** A log that was not written to its end never has its name. */
async function onceWhole(path: string, write: (path: string) => Promise<void>): Promise<string> {
  if (existsSync(path)) return path;
  const part = `${path}.part-${process.pid}`;
  try {
    process.stderr.write(`making ${path}\n`);
    await write(part);
    renameSync(part, path);
    return path;
  } finally {
    rmSync(part, { force: true });
  }
}

async function printTo(path: string, argv: readonly string[], signal: AbortSignal, flags = 'wx'): Promise<void> {
  const output = openSync(path, flags);
  try {
    const [program, ...args] = argv;
    const child = spawn(program!, args, { env: environment, stdio: ['ignore', output, 'inherit'], signal });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${argv.join(' ')} ended with exit ${code}`);
  } finally {
    closeSync(output);
  }
}
