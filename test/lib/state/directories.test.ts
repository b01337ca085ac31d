import { expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { cacheDirectory, lockDirectory, stateDirectory } from '../../../src/lib/state/directories.ts';
import type { Account } from '../../../src/lib/state/directories.ts';

const ann: Account = { env: {}, uid: 1000, homeDirectory: '/home/ann' };
const root: Account = { env: {}, uid: 0, homeDirectory: '/root' };

test.each<[string, Account, string, string, string]>([
  ['a user', ann, '/home/ann/.local/state/devops', '/home/ann/.local/state/devops/locks', '/home/ann/.cache/devops'],
  ['root', root, '/var/lib/devops', '/run/devops', '/var/cache/devops'],
  [
    'a user with XDG folders',
    { ...ann, env: { XDG_STATE_HOME: '/data/state', XDG_CACHE_HOME: '/data/cache/' } },
    '/data/state/devops',
    '/data/state/devops/locks',
    '/data/cache/devops',
  ],
  [
    'a user with relative and empty XDG values',
    { ...ann, env: { XDG_STATE_HOME: 'state', XDG_CACHE_HOME: '' } },
    '/home/ann/.local/state/devops',
    '/home/ann/.local/state/devops/locks',
    '/home/ann/.cache/devops',
  ],
  [
    'root with the XDG folders of whoever typed sudo',
    { ...root, env: { XDG_STATE_HOME: '/home/ann/state', XDG_CACHE_HOME: '/home/ann/cache' } },
    '/var/lib/devops',
    '/run/devops',
    '/var/cache/devops',
  ],
  [
    'a unit of systemd with two state directories',
    { ...ann, env: { STATE_DIRECTORY: '/var/lib/one:/var/lib/two', CACHE_DIRECTORY: '/var/cache/one' } },
    '/var/lib/one',
    '/var/lib/one/locks',
    '/var/cache/one',
  ],
  [
    "root's unit of systemd, which shares its locks with root's cron",
    { ...root, env: { STATE_DIRECTORY: '/var/lib/one', CACHE_DIRECTORY: '/var/cache/one' } },
    '/var/lib/one',
    '/run/devops',
    '/var/cache/one',
  ],
  [
    'a user with systemd variables that are no absolute paths',
    { ...ann, env: { STATE_DIRECTORY: 'one', CACHE_DIRECTORY: '' } },
    '/home/ann/.local/state/devops',
    '/home/ann/.local/state/devops/locks',
    '/home/ann/.cache/devops',
  ],
  [
    'cron, whose HOME and XDG_RUNTIME_DIR do not count',
    { ...ann, env: { HOME: '/somewhere/else', XDG_RUNTIME_DIR: '/run/user/1000' } },
    '/home/ann/.local/state/devops',
    '/home/ann/.local/state/devops/locks',
    '/home/ann/.cache/devops',
  ],
])('the directories of %s', (_who, account, state, lock, cache) => {
  expect(stateDirectory(account)).toBe(state);
  expect(lockDirectory(account)).toBe(lock);
  expect(cacheDirectory(account)).toBe(cache);
});

test.each([undefined, '', 'relative'])('a user whose home is %j is told what to set', (homeDirectory) => {
  const account = { env: {}, uid: 4711, homeDirectory };
  expect(() => stateDirectory(account)).toThrow(UserError);
  expect(() => lockDirectory(account)).toThrow('user 4711 has no home directory');
  expect(() => cacheDirectory(account)).toThrow(
    expect.objectContaining({ code: 'config', hints: ['set XDG_CACHE_HOME to an absolute path'] }),
  );
});
