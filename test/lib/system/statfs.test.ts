import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseStatOutput, statfsByProgram, statfsInProcess } from '../../../src/lib/system/statfs.ts';

const options = { env: { PATH: '/usr/bin:/bin' }, signal: new AbortController().signal, timeoutSeconds: 20 };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stat'fs\n größe: "));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('both ways agree about a filesystem of the kernel, whatever its path is called', async () => {
  const here = statfsInProcess(folder, true);
  const program = await statfsByProgram(folder, options);
  expect(program).toMatchObject({ unit: here?.unit, blocks: here?.blocks, inodes: here?.inodes });
});

test('a filesystem of unknown block size is not guessed at where Node does not tell f_frsize, as Node 22', () => {
  const told = 'frsize' in statfsSync(folder);
  expect(statfsInProcess(folder, false) !== undefined).toBe(told);
});

test('the reason of a failure is the one that the system call gave, with its code', async () => {
  const failure = statfsByProgram(join(folder, "not: here'"), options);
  await expect(failure).rejects.toMatchObject({ message: 'No such file or directory', code: 'ENOENT' });
});

test('without a stat program the failure says so', async () => {
  const failure = statfsByProgram(folder, { ...options, env: { PATH: folder } });
  await expect(failure).rejects.toThrow("cannot start 'stat': no such program");
});

test('an interrupted run is told from a filesystem that is late', async () => {
  const aborted = { ...options, signal: AbortSignal.abort() };
  await expect(statfsByProgram(folder, aborted)).rejects.toMatchObject({
    code: 'ETIMEDOUT',
    message: 'had not answered when the run ended',
  });
});

test('the numbers of stat -f are read as they stand there, negative ones too', () => {
  expect(parseStatOutput('4096 1000000 400000 -5 18446744073709551615 -1\n')).toEqual({
    unit: 4096,
    blocks: 1_000_000,
    free: 400_000,
    available: -5,
    inodes: 2 ** 64,
    inodesFree: -1,
  });
});

test.each(['', '4096 1 1 1 1\n', '4096 1 1 1 1 ?\n', '4096 1 1 1 1 1\n4096 1 1 1 1 1\n', '1 1 1 1 1 1e3'])(
  'anything else than six numbers is refused: %j',
  (text) => {
    expect(() => parseStatOutput(text)).toThrow(SyntaxError);
  },
);
