import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { main } from '../../../../src/main.ts';
import type { Runtime } from '../../../../src/runtime.ts';
import { testRuntime } from '../../../support/test-runtime.ts';

/** A search as it is typed for grep, and for us but for what only one of us knows. */
export interface GrepCase {
  /** Letters with their values, such as `-i` and `-m2`. */
  flags: readonly string[];
  patterns: readonly string[];
  /** Of files a.log, b.log and so on; bytes as Latin-1. */
  contents: readonly string[];
  /** The first one comes as standard input, in the place of its name. */
  fromStdin: boolean;
}

export interface Answer {
  code: number;
  /** Bytes as Latin-1. */
  stdout: string;
  stderr: string;
}

const names = ['a.log', 'b.log', 'c.log'];

/** Writes these files into the folder, and removes what was in it. */
export function layOut(folder: string, files: Record<string, string> | readonly string[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const entries = Array.isArray(files)
    ? files.map((content, index) => [names[index]!, content])
    : Object.entries(files);
  for (const [name, content] of entries) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content, 'latin1');
  }
}

/** What GNU grep says in the C locale. */
export function runGrep(program: string, folder: string, words: readonly string[], stdin = ''): Answer {
  const { status, stdout, stderr } = spawnSync(program, ['-a', ...words], {
    cwd: folder,
    env: { LC_ALL: 'C' },
    input: Buffer.from(stdin, 'latin1'),
    maxBuffer: 2 ** 28,
  });
  return { code: status ?? -1, stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1') };
}

/** What we say, in this process. Standard input comes in pieces that end anywhere. */
export async function runLogsGrep(
  folder: string,
  words: readonly string[],
  { stdin = '', ...runtime }: Partial<Omit<Runtime, 'stdin'>> & { stdin?: string | Buffer } = {},
): Promise<Answer> {
  const test = testRuntime({ cwd: folder });
  const bytes = typeof stdin === 'string' ? Buffer.from(stdin, 'latin1') : stdin;
  const step = 5 + Math.floor(bytes.length / 7);
  const pieces = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) =>
    bytes.subarray(index * step, (index + 1) * step),
  );
  const code = await main(['logs-grep', ...words], {
    ...test.runtime,
    stdin: () => Readable.from(pieces),
    ...runtime,
  });
  return { code, stdout: test.stdoutBytes().toString('latin1'), stderr: test.stderr() };
}

/** The same with a file as standard output, into which another program may write by itself. */
export async function runIntoFile(folder: string, output: string, words: readonly string[]): Promise<Answer> {
  const fd = openSync(output, 'w');
  try {
    const stdout: Runtime['stdout'] = {
      ...testRuntime().runtime.stdout,
      fd,
      write(chunk) {
        writeSync(fd, Buffer.from(chunk));
        return undefined;
      },
    };
    const { code, stderr } = await runLogsGrep(folder, words, { stdout, env: { PATH: process.env['PATH'] } });
    return { code, stdout: readFileSync(output, 'latin1'), stderr };
  } finally {
    closeSync(fd);
  }
}

/** What stands behind the command; grep's -h is our -I. */
export function wordsOf({ flags, patterns, contents, fromStdin }: GrepCase): { grep: string[]; ours: string[] } {
  const files = contents.map((_, index) => (fromStdin && index === 0 ? '-' : names[index]!));
  const asked = [...flags, ...patterns.flatMap((pattern) => ['-e', pattern])];
  const syntax = flags.includes('-F') ? [] : ['-E'];
  return {
    grep: [...syntax, ...asked.map((word) => (word === '-I' ? '-h' : word)), ...files],
    ours: [...syntax, '-a', ...asked, ...files],
  };
}
