import {
  existsSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streamProgram } from '../../../src/lib/shell/stream-program.ts';
import type { StreamProgramOptions } from '../../../src/lib/shell/stream-program.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stream-program-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function stream(script: string, options: Partial<StreamProgramOptions> = {}): ReturnType<typeof streamProgram> {
  const argv: StreamProgramOptions['argv'] = ['sh', '-c', script];
  return streamProgram({ argv, env: { PATH: '/usr/bin:/bin' }, signal: AbortSignal.timeout(20_000), ...options });
}

async function read(chunks: ReturnType<typeof streamProgram>) {
  const parts: Buffer[] = [];
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return { ...next.value, stdout: Buffer.concat(parts).toString() };
    parts.push(next.value);
  }
}

/** Zombies are dead: whether somebody reaps those of a dead parent is up to process 1. */
function isAlive(pid: string): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

async function* pieces(count: number, onPiece: (index: number) => void = () => {}): AsyncGenerator<Buffer> {
  const memory = Buffer.alloc(50_000);
  for (let index = 0; index < count; index++) {
    onPiece(index);
    yield memory.fill(0x61 + (index % 26));
  }
}

/** The next chunk as text. */
async function nextText(chunks: AsyncIterator<Buffer, unknown>): Promise<string> {
  const next = await chunks.next();
  return next.done === true ? '' : next.value.toString();
}

test('stdout, stderr and the exit code of a program are told', async () => {
  expect(await read(stream('echo out; echo err >&2; exit 3'))).toEqual({
    stdout: 'out\n',
    stderr: 'err\n',
    end: { kind: 'exited', code: 3 },
  });
  expect((await read(stream('kill -SEGV $$'))).end).toEqual({ kind: 'signalled', signal: 'SIGSEGV' });
});

test('a program that is missing, or may not be run, is an answer', async () => {
  const signal = AbortSignal.timeout(5000);
  writeFileSync(join(folder, 'script'), 'no program');
  const missing = await read(streamProgram({ argv: ['no-such-program'], env: { PATH: folder }, signal }));
  expect(missing.end).toMatchObject({ kind: 'not-started', code: 'not-found' });
  const refused = await read(streamProgram({ argv: ['script'], env: { PATH: folder }, signal }));
  expect(refused.end).toMatchObject({ kind: 'not-started', code: 'not-executable' });
  const noPath = await read(streamProgram({ argv: [join(folder, 'none')], env: {}, signal }));
  expect(noPath.end).toMatchObject({ kind: 'not-started', code: 'not-found' });
  expect((await read(stream('echo', { signal: AbortSignal.abort() }))).end).toEqual({ kind: 'aborted' });
});

test('an open file is read from its position, and it stays open', async () => {
  const path = join(folder, 'input');
  writeFileSync(path, 'from a file\n');
  const fd = openSync(path, 'r');
  expect((await read(stream('cat', { input: fd }))).stdout).toBe('from a file\n');
  closeSync(fd);
  expect((await read(stream('cat'))).stdout).toBe('');
});

test('pieces in memory that is used again arrive in order', async () => {
  const { stdout, end } = await read(stream('cat', { input: pieces(200) }));
  expect(end).toEqual({ kind: 'exited', code: 0 });
  expect(stdout).toHaveLength(200 * 50_000);
  for (let index = 0; index < 200; index++) {
    const piece = stdout.slice(index * 50_000, (index + 1) * 50_000);
    expect(piece === piece[0]!.repeat(50_000) && piece.charCodeAt(0) === 0x61 + (index % 26)).toBe(true);
  }
});

test('a program that does not read its input ends the asking for it', async () => {
  let asked = 0;
  const { end } = await read(stream('head -c 10 >&2; exit 4', { input: pieces(1e9, (index) => (asked = index)) }));
  expect(end).toEqual({ kind: 'exited', code: 4 });
  expect(asked).toBeLessThan(1000);
});

test('an input that fails ends the program and is thrown', async () => {
  const reason = new Error('no more input');
  async function* failing(): AsyncGenerator<Buffer> {
    yield Buffer.from('one');
    throw reason;
  }
  await expect(read(stream('sleep 60', { input: failing() }))).rejects.toBe(reason);
});

test('nothing is read ahead of a slow reader but what the pipe holds', async () => {
  let asked = 0;
  const chunks = stream('cat', { input: pieces(1e9, (index) => (asked = index)) });
  await chunks.next();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = asked;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(asked).toBe(before);
  expect(asked * 50_000).toBeLessThan(4_000_000);
  await chunks.return({ end: { kind: 'aborted' }, stderr: '' });
});

test('a reader who has enough leaves no process behind, not even one of a stubborn group', async () => {
  const script = 'trap "" TERM; sleep 60 & echo $$ $!; while :; do echo more; sleep 0.05; done';
  const chunks = stream(script, { graceSeconds: 0.1 });
  const pids = (await nextText(chunks)).split('\n')[0]!.split(' ');
  expect(pids.every(isAlive)).toBe(true);
  await chunks.return({ end: { kind: 'aborted' }, stderr: '' });
  expect(pids.some(isAlive)).toBe(false);
});

test('an abort ends the group, also while nothing comes', async () => {
  const controller = new AbortController();
  const chunks = stream('sleep 60 & echo $$ $!; wait', { signal: controller.signal });
  const pids = (await nextText(chunks)).trim().split(' ');
  setTimeout(() => controller.abort(), 50);
  expect((await read(chunks)).end).toEqual({ kind: 'aborted' });
  expect(pids.some(isAlive)).toBe(false);
});

test('a process that outlives the program and keeps its pipe is not waited for', async () => {
  const started = performance.now();
  const { stdout, end } = await read(stream('sleep 60 & echo $!'));
  expect(end).toEqual({ kind: 'exited', code: 0 });
  expect(performance.now() - started).toBeLessThan(5000);
  process.kill(Number(stdout));
});

test('output that waits in the pipe when the program is gone is not lost', async () => {
  const chunks = stream('head -c 150000 /dev/zero; exec >&-; exit 0');
  const first = await chunks.next();
  await new Promise((resolve) => setTimeout(resolve, 900));
  const { stdout, end } = await read(chunks);
  expect((first.value as Buffer).length + stdout.length).toBe(150_000);
  expect(end).toEqual({ kind: 'exited', code: 0 });
});

test('a program that is done with its output is waited for', async () => {
  const { end, stderr } = await read(stream('echo a; exec >&-; sleep 0.2; echo late >&2; exit 5'));
  expect(end).toEqual({ kind: 'exited', code: 5 });
  expect(stderr).toBe('late\n');
});

test('no descriptor is left open after many programs', async () => {
  const count = () => readdirSync('/proc/self/fd').length;
  await read(stream('true'));
  const before = count();
  for (let turn = 0; turn < 10; turn++) {
    const chunks = stream('echo; sleep 60', { input: pieces(3) });
    await chunks.next();
    await chunks.return({ end: { kind: 'aborted' }, stderr: '' });
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(count()).toBeLessThanOrEqual(before + 2);
});

test('what it says on stderr is bounded', async () => {
  const { stderr } = await read(stream('yes words | head -c 1000000 >&2; echo last >&2'));
  expect(stderr.length).toBeLessThan(9000);
  expect(stderr.endsWith('last\n')).toBe(true);
});
