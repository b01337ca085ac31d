import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pipePrograms, streamPrograms } from '../../../src/lib/shell/pipe-programs.ts';
import type { PipelineEnd, PipelineOptions } from '../../../src/lib/shell/pipe-programs.ts';
import type { PipedProgram } from '../../../src/lib/shell/start-pipeline.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipe-programs-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const tag = randomUUID();
const env = { PATH: '/usr/bin:/bin', TAG: tag };
const never = new AbortController().signal;

/** Each a shell script, or a program when it has no space. */
function programs(...scripts: string[]): PipelineOptions['programs'] {
  const piped = scripts.map((script): PipedProgram => ({
    argv: script.includes(' ') ? ['sh', '-c', script] : [script],
    env,
  }));
  return piped as [PipedProgram, ...PipedProgram[]];
}

async function pipe(scripts: string[], options: Partial<PipelineOptions> = {}) {
  const path = join(folder, randomUUID());
  const stdout = openSync(path, 'ax');
  try {
    const list = programs(...scripts);
    const told = await pipePrograms({ programs: list, stdout, signal: never, timeoutSeconds: 20, ...options });
    return { ...told, path, text: () => readFileSync(path, 'utf8') };
  } finally {
    closeSync(stdout);
  }
}

async function collect(scripts: string[], options: Partial<PipelineOptions> = {}) {
  const stream = streamPrograms({ programs: programs(...scripts), signal: never, timeoutSeconds: 20, ...options });
  const chunks: Buffer[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done === true) return { ...next.value, bytes: Buffer.concat(chunks) };
    chunks.push(next.value);
  }
}

function ends({ programs: list }: PipelineEnd): unknown[] {
  return list.map(({ end }) => ('code' in end ? end.code : 'signal' in end ? end.signal : end.kind));
}

function survivors(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/environ`, 'latin1').includes(tag)) return false;
      return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
    } catch {
      return false;
    }
  });
}

test('the bytes go through all of them, whole and in order', async () => {
  const told = await pipe(['seq 200000', 'gzip', 'cat', 'gzip -dc', 'md5sum']);
  const direct = await pipe(['seq 200000 | md5sum']);
  expect(told.text()).toBe(direct.text());
  expect(told).toMatchObject({ isWhole: true, failed: undefined });
  expect(ends(told)).toEqual([0, 0, 0, 0, 0]);
});

test('not one byte is lost on the way in 100 starts', async () => {
  for (let round = 0; round < 100; round++) {
    const told = await pipe(['echo text', 'cat']);
    expect(told.text()).toBe('text\n');
  }
});

test('the first one reads the descriptor that was given', async () => {
  const path = join(folder, 'input');
  writeFileSync(path, 'b\na\n');
  const stdin = openSync(path, 'r');
  expect((await pipe(['sort', 'cat'], { stdin })).text()).toBe('a\nb\n');
  closeSync(stdin);
  expect((await pipe(['cat', 'wc -c'])).text().trim()).toBe('0');
});

describe('who failed first is told', () => {
  test.each<[string, string[], unknown[], number | undefined]>([
    ['the first one, though what comes out looks well', ['echo part; exit 3', 'gzip'], [3, 0], 0],
    ['one in the middle', ['echo a', 'cat; exit 4', 'cat'], [0, 4, 0], 1],
    ['the last one, whose sources die of SIGPIPE', ['yes', 'cat', 'exit 5; true'], ['SIGPIPE', 'SIGPIPE', 5], 2],
    ['the last one, whose source makes an error of it', ["trap '' PIPE; yes; exit 9", 'exit 5; true'], [9, 5], 1],
    ['a signal', ['kill -KILL $$; true', 'cat'], ['SIGKILL', 0], 0],
    ['nobody, where one has enough', ['yes', 'head -n1; true'], ['SIGPIPE', 0], undefined],
  ])('%s', async (_, scripts, expected, failed) => {
    const told = await pipe(scripts);
    expect(ends(told)).toEqual(expected);
    expect(told.failed).toBe(failed);
    expect(told.isWhole).toBe(false);
    expect(told.programs.map(({ isBrokenPipe }) => isBrokenPipe)).toEqual(expected.map((end) => end === 'SIGPIPE'));
  });

  test('with what each one said', async () => {
    const told = await pipe(['echo one >&2', 'echo two >&2', 'true']);
    expect(told.programs.map(({ stderr }) => stderr)).toEqual(['one\n', 'two\n', '']);
  });
});

describe('when one cannot be started none is', () => {
  test.each<[string, string[], number, string]>([
    ['the first', ['no-such-program', 'cat'], 0, 'not-found'],
    ['the last', ['touch MARK; true', 'cat', 'no-such-program'], 2, 'not-found'],
    ['a path', ['sleep 300', '/no/such/program'], 1, 'not-found'],
    ['a folder', ['sleep 300', '/tmp'], 1, 'not-executable'],
  ])('%s', async (_, scripts, failed, code) => {
    const mark = join(folder, 'mark');
    const told = await pipe(scripts.map((script) => script.replace('MARK', mark)));
    expect(told).toMatchObject({ failed, isWhole: false });
    expect(told.programs[failed]!.end).toMatchObject({ kind: 'not-started', code });
    expect(ends(told).filter((end) => end === 'aborted').length).toBe(scripts.length - 1);
    expect(() => statSync(mark)).toThrow('ENOENT');
    expect(survivors()).toEqual([]);
  });
});

describe('all are ended together', () => {
  const stubborn = "trap '' TERM; while :; do sleep 0.05; done";

  test('at the deadline', async () => {
    const told = await pipe(['sleep 300 & sleep 300', 'cat', stubborn], { timeoutSeconds: 0.3, graceSeconds: 0.2 });
    expect(ends(told)).toEqual(['timed-out', 'timed-out', 'timed-out']);
    expect(told).toMatchObject({ failed: 0, isWhole: false });
    expect(survivors()).toEqual([]);
  });

  test('at an abort, and who had ended before keeps its end', async () => {
    const told = await pipe(['exit 3; true', 'sleep 300; true'], { signal: AbortSignal.timeout(300) });
    expect(ends(told)).toEqual([3, 'aborted']);
    expect(told.failed).toBe(0);
    expect(survivors()).toEqual([]);
  });

  test('or never started, when it is over before', async () => {
    expect(ends(await pipe(['cat', 'cat'], { signal: AbortSignal.abort() }))).toEqual(['aborted', 'aborted']);
    expect(ends(await collect(['cat', 'cat'], { timeoutSeconds: 0 }))).toEqual(['timed-out', 'timed-out']);
  });
});

describe('as a stream', () => {
  test('the bytes of the last one come, and how all of them ended', async () => {
    const told = await collect(['seq 200000', 'gzip', 'gzip -dc']);
    expect(told.bytes.toString()).toBe((await pipe(['seq 200000'])).text());
    expect(told).toMatchObject({ isWhole: true, failed: undefined });
    expect(ends(await collect(['echo part; exit 3', 'gzip']))).toEqual([3, 0]);
  });

  test('programs that exited before the stream was read keep their order', async () => {
    const told = await collect(["trap '' PIPE; sleep 0.2; seq 100000; exit 9", 'echo out; exit 5']);
    expect(told).toMatchObject({ failed: 1 });
    expect(told.bytes.toString()).toBe('out\n');
  });

  test('they wait while nobody asks for more', async () => {
    const stream = streamPrograms({ programs: programs('yes', 'cat'), signal: never });
    const { value } = await stream.next();
    expect((value as Buffer).length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(survivors().length).toBe(2);
    await stream.return(undefined as never);
    expect(survivors()).toEqual([]);
  });

  test('the deadline holds while nobody asks for more', async () => {
    const stream = streamPrograms({ programs: programs('yes', 'cat'), signal: never, timeoutSeconds: 0.3 });
    await stream.next();
    await expect.poll(survivors, { timeout: 3000 }).toEqual([]);
    let next = await stream.next();
    while (next.done !== true) next = await stream.next();
    expect(ends(next.value)).toEqual(['timed-out', 'timed-out']);
  });

  test('who holds the output open after the end does not hold us up', async () => {
    const started = performance.now();
    const told = await collect(['echo text', 'cat; sleep 300 & true']);
    expect(told.bytes.toString()).toBe('text\n');
    expect(told.isWhole).toBe(true);
    expect(performance.now() - started).toBeLessThan(2500);
    expect(survivors().length).toBe(1);
    for (const pid of survivors()) process.kill(Number(pid));
  });
});

test('what they pipe does not pass through us: 300 MB cost no memory', async () => {
  const before = process.memoryUsage.rss();
  const told = await pipe(['head -c 300000000 /dev/zero', 'cat', 'wc -c']);
  expect(told.text().trim()).toBe('300000000');
  expect(process.memoryUsage.rss() - before).toBeLessThan(30_000_000);
});
