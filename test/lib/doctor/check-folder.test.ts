import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkFolder } from '../../../src/lib/doctor/check-folder.ts';
import { stateDirectory } from '../../../src/lib/state/directories.ts';

let folder: string;
const uid = process.getuid!();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function check(path: string, account: { uid?: number; homeDirectory?: string } = {}) {
  const own = { subject: 'state folder', pathFor: () => path, elsewhere: 'set STATE_DIRECTORY', required: true };
  return checkFolder(own, { env: {}, uid, homeDirectory: undefined, ...account });
}

test('a private folder can be written', async () => {
  expect(await check(folder)).toEqual({
    subject: 'state folder',
    required: true,
    state: 'ok',
    path: folder,
    detail: 'can be written',
  });
});

test('one that is not there is fine where it can be made, and is not made', async () => {
  const path = join(folder, 'var/lib/devops');
  expect(await check(path)).toMatchObject({ state: 'ok', path, detail: 'is made when it is needed' });
  expect(existsSync(join(folder, 'var'))).toBe(false);
});

test('what would be refused when it is needed is told now, with the same words', async () => {
  chmodSync(folder, 0o770);
  expect(await check(folder)).toMatchObject({
    state: 'failed',
    detail: `will not use the directory '${folder}': it can be written by others`,
    hint: `take that away: chmod go-w '${folder}'`,
  });
  chmodSync(folder, 0o700);
  expect(await check(folder, { uid: uid + 1 })).toMatchObject({
    state: 'failed',
    detail: `will not use the directory '${folder}': it belongs to user ${uid}, not to user ${uid + 1}`,
  });
});

test.each([0o644, 0o755])('a file of mode %o in its place, or above it, is no folder', async (mode) => {
  const path = join(folder, 'file');
  writeFileSync(path, '', { mode });
  expect(await check(path)).toMatchObject({ state: 'failed', detail: `'${path}' is not a directory` });
  expect(await check(join(path, 'devops'))).toMatchObject({
    state: 'failed',
    path: join(path, 'devops'),
    detail: `cannot be made: '${path}' is no folder that we can write`,
    hint: `run as the user that owns '${path}', or set STATE_DIRECTORY`,
  });
});

test.each(['loop', 'nowhere'])('a link to %s, in its place or above it, is no place either', async (target) => {
  const path = join(folder, 'loop');
  symlinkSync(target, path);
  expect(await check(path)).toMatchObject({ state: 'failed', path });
  expect(await check(join(path, 'devops'))).toMatchObject({
    state: 'failed',
    detail: `cannot be made: '${path}' is no folder that we can write`,
  });
});

test('a user without a home has no such folder, and is told which variable names one', async () => {
  const own = { subject: 'state folder', pathFor: stateDirectory, elsewhere: '', required: false };
  expect(await checkFolder(own, { env: {}, uid: 4711, homeDirectory: undefined })).toEqual({
    subject: 'state folder',
    required: false,
    state: 'missing',
    detail: 'cannot tell where to keep files: user 4711 has no home directory in passwd',
    hint: 'set XDG_STATE_HOME to an absolute path',
  });
});

test('a defect is not taken for an answer', async () => {
  const pathFor = () => {
    throw new TypeError('a defect');
  };
  const own = { subject: 'state folder', pathFor, elsewhere: '', required: false };
  await expect(checkFolder(own, { env: {}, uid, homeDirectory: undefined })).rejects.toThrow('a defect');
});
