import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkProgram } from '../../../src/lib/doctor/check-program.ts';
import type { DrivenProgram } from '../../../src/lib/doctor/programs.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const tool: DrivenProgram = {
  name: 'tool',
  versionWords: ['--version', 'please'],
  cost: 'nothing can be packed',
  install: 'apt install tool',
  neededBy: () => false,
};

function write(script: string): string {
  const path = join(folder, 'tool');
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

function check(options: { required?: boolean; signal?: AbortSignal } = {}) {
  const { required = false, signal = new AbortController().signal } = options;
  return checkProgram(tool, required, { env: { PATH: folder }, signal });
}

test('a program is told with its path and the first line of its version', async () => {
  const path = write('#!/bin/sh\necho "tool $* of $PATH"; echo more\n');
  expect(await check()).toEqual({
    subject: 'tool',
    state: 'ok',
    required: false,
    path,
    version: `tool --version please of ${folder}`,
    detail: 'found',
  });
});

test('a missing one is told with what it costs and how to install it', async () => {
  expect(await check()).toEqual({
    subject: 'tool',
    state: 'missing',
    required: false,
    detail: 'nothing can be packed',
    hint: 'apt install tool',
  });
});

test('a rule that needs it has another way out', async () => {
  expect(await check({ required: true })).toMatchObject({
    state: 'missing',
    required: true,
    hint: 'apt install tool; or write allow_missing: true beside the rule',
  });
});

test.each([
  ['#!/bin/sh\nexit 1\n', 'does not tell its version: it ended with exit code 1'],
  ['#!/bin/sh\necho; exit 0\n', 'does not tell its version'],
  ['#!/bin/sh\nkill -9 $$\n', 'does not tell its version: it was ended by SIGKILL'],
  ['#!/nonexistent/sh\n', /^does not tell its version: cannot start '.*\/tool': the interpreter .* is not there$/],
])('one that does not answer may be another of that name: %j', async (script, reason) => {
  const path = write(script);
  const found = await check();
  expect(found).toMatchObject({ state: 'failed', path, hint: 'apt install tool' });
  expect(found).not.toHaveProperty('version');
  const [said, cost] = found.detail.split('; ');
  expect(said).toMatch(reason);
  expect(cost).toBe('if it does not work, nothing can be packed');
});

test('one that hangs is not waited for after an abort', async () => {
  write('#!/bin/sh\n/bin/sleep 60\n');
  const started = performance.now();
  const found = await check({ signal: AbortSignal.timeout(100) });
  expect(found.detail).toMatch(/^does not tell its version: it was not waited for/);
  expect(performance.now() - started).toBeLessThan(4000);
});
