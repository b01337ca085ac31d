import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findProgram, lookUpProgram } from '../../../src/lib/shell/find-program.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-program-'));
  for (const name of ['first', 'second', 'plain']) mkdirSync(join(folder, name));
  mkdirSync(join(folder, 'first', 'directory'));
  for (const name of [
    'first/tool',
    'second/tool',
    'second/directory',
    'second/refused',
    'plain/refused',
    'plain/data',
  ]) {
    writeFileSync(join(folder, name), '#!/bin/sh\n');
    chmodSync(join(folder, name), name.startsWith('plain') ? 0o644 : 0o755);
  }
  symlinkSync('nowhere', join(folder, 'first', 'dangling'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function path(...folders: string[]): { PATH: string } {
  return { PATH: folders.map((name) => join(folder, name)).join(':') };
}

test('the first folder of PATH that has the program wins', async () => {
  expect(await findProgram('tool', path('first', 'second'))).toBe(join(folder, 'first/tool'));
  expect(await findProgram('tool', path('missing', 'second', 'first'))).toBe(join(folder, 'second/tool'));
});

test('a folder and a file that may not be run are passed over', async () => {
  expect(await findProgram('directory', path('first', 'second'))).toBe(join(folder, 'second/directory'));
  expect(await findProgram('refused', path('plain', 'second'))).toBe(join(folder, 'second/refused'));
});

test('what has the name but may not be run is told', async () => {
  expect(await lookUpProgram('data', path('first', 'plain'))).toEqual({
    state: 'not-executable',
    path: join(folder, 'plain/data'),
  });
  expect(await findProgram('data', path('first', 'plain'))).toBeUndefined();
});

test('an absolute path is taken when it may be run, a relative one never', async () => {
  const tool = join(folder, 'first/tool');
  expect(await findProgram(tool, {})).toBe(tool);
  expect(await findProgram(join(folder, 'plain/data'), {})).toBeUndefined();
  expect(await findProgram(relative('.', tool), {})).toBeUndefined();
});

test('an empty or relative entry of PATH does not mean the current folder', async () => {
  const here = relative('.', join(folder, 'first'));
  expect(await findProgram('tool', { PATH: `${here}:.:` })).toBeUndefined();
  // There is such a file in the checkout, where the tests run: found, it would be `not-executable`.
  expect(await lookUpProgram('package.json', { PATH: ':' })).toEqual({ state: 'not-found' });
});

test('without PATH the default of execvp holds; an empty PATH has nothing', async () => {
  expect(await findProgram('sh', {})).toBe('/bin/sh');
  expect(await findProgram('sh', { PATH: '' })).toBeUndefined();
});

test.each(['', '.', '..', 'no\0name', 'x'.repeat(5000), 'dangling', 'tool\n'])('%j is no program', async (name) => {
  expect(await lookUpProgram(name, path('first', 'first/tool'))).toEqual({ state: 'not-found' });
});
