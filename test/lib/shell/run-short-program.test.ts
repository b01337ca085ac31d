import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runShortProgram } from '../../../src/lib/shell/run-short-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-short-program-'));
writeFileSync(join(folder, 'input'), 'from the file');
const input = openSync(join(folder, 'input'), 'r');
afterAll(() => {
  closeSync(input);
  rmSync(folder, { recursive: true });
});
const env = { PATH: '/usr/bin:/bin' };
const run = (script: string, timeoutSeconds = 10) =>
  runShortProgram({ argv: ['sh', '-c', script], env, input, timeoutSeconds });

test('how it ended and what it complained about is told; its input is the open file', async () => {
  expect(await run('cat >&2; exit 3')).toEqual({ kind: 'exited', code: 3, stderr: 'from the file' });
  expect(await run('kill -9 $$')).toEqual({ kind: 'signalled' });
});

test('one that hangs is killed', async () => {
  const began = performance.now();
  expect(await run('trap "" TERM; exec sleep 30', 0.2)).toEqual({ kind: 'timed-out' });
  expect(performance.now() - began).toBeLessThan(5000);
});

test('one that is not there, may not be run, or lies in a folder relative to where we are is missing', async () => {
  const argv = ['never-heard-of'] as const;
  writeFileSync(join(folder, argv[0]), '#!/bin/sh\n', { mode: 0o644 });
  expect(await runShortProgram({ argv, env: { PATH: folder }, input, timeoutSeconds: 1 })).toEqual({ kind: 'missing' });
  expect(await runShortProgram({ argv: ['sh'], env: { PATH: '.::bin' }, input, timeoutSeconds: 1 })).toEqual({
    kind: 'missing',
  });
  writeFileSync(join(folder, 'broken'), '#!/no/such/interpreter\n', { mode: 0o755 });
  const broken = await runShortProgram({ argv: ['broken'], env: { PATH: folder }, input, timeoutSeconds: 1 });
  expect(broken.kind).toBe('failed');
});
