import { chmodSync, lchownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensurePrivateDirectory } from '../../../src/lib/state/private-directory.ts';

const { uid } = userInfo();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-directory-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('missing directories are made for us alone, and a second call accepts them', () => {
  const path = join(folder, 'a', 'b');
  ensurePrivateDirectory(path, uid);
  ensurePrivateDirectory(path, uid);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
});

test('a directory that others may read is accepted as it is, as systemd makes them', () => {
  chmodSync(folder, 0o755);
  ensurePrivateDirectory(folder, uid);
  expect(statSync(folder).mode & 0o777).toBe(0o755);
});

test.each([0o770, 0o707, 0o1777])('a directory of mode %o, which others may write, is refused', (mode) => {
  chmodSync(folder, mode);
  expect(() => ensurePrivateDirectory(folder, uid)).toThrow(
    expect.objectContaining({ code: 'permission', hints: [`take that away: chmod go-w '${folder}'`] }),
  );
});

test('a directory of somebody else is refused', () => {
  expect(() => ensurePrivateDirectory(folder, uid + 1)).toThrow(
    expect.objectContaining({ code: 'permission', message: expect.stringContaining(`belongs to user ${uid}`) }),
  );
});

test('our own link to a directory of ours is accepted, with a slash at its end too', () => {
  mkdirSync(join(folder, 'real'), { mode: 0o700 });
  symlinkSync('real', join(folder, 'link'));
  for (const path of [join(folder, 'link'), `${folder}/link/`]) {
    expect(() => ensurePrivateDirectory(path, uid)).not.toThrow();
  }
});

test("somebody else's link is refused", () => {
  mkdirSync(join(folder, 'real'), { mode: 0o700 });
  const link = join(folder, 'link');
  symlinkSync('real', link);
  // Only root can give a link away; for anybody else it is enough to ask on behalf of another user.
  if (uid === 0) lchownSync(link, 65534, 65534);
  for (const path of [link, `${link}/`]) {
    expect(() => ensurePrivateDirectory(path, uid === 0 ? 0 : uid + 1)).toThrow(
      expect.objectContaining({ code: 'permission', message: expect.stringContaining('is a link that belongs') }),
    );
  }
});

test.each([
  ['.local/state/devops/locks', 'XDG_STATE_HOME'],
  ['.cache/devops', 'XDG_CACHE_HOME'],
])('a home in which nothing can be made, for %s: the hint names %s', (below, name) => {
  const home = join(folder, 'home');
  writeFileSync(home, '');
  expect(() => ensurePrivateDirectory(join(home, below), uid)).toThrow(
    expect.objectContaining({ hints: [`set ${name} to a directory that can be written`] }),
  );
});

test('a file, a link to a file and a path below a file are errors that name the path', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  symlinkSync('file', join(folder, 'link'));
  for (const path of [file, join(folder, 'link'), join(file, 'below')]) {
    expect(() => ensurePrivateDirectory(path, uid)).toThrow(`'${path}'`);
  }
});
