import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireProgram } from '../../../support/services.ts';
import { find, plant } from './tree.ts';

let folder: ReturnType<typeof plant>;

beforeAll(() => {
  folder = plant({
    'app.log': 'x',
    'a*.log': 'x',
    file: 'x',
    'logs/app.log': 'x',
    'real/deep/app.log': 'x',
    link: { link: 'real/deep' },
    'real/beside.log': 'x',
    'gone*': { link: 'nothing' },
    'gone-by': 'x',
    circle: { link: 'circle' },
  });
});

afterAll(() => {
  folder[Symbol.dispose]();
});

test('files are searched in the order of the words, as often as they are named', async () => {
  const words = ['logs/app.log', 'app.log', 'logs', './app.log', 'app.log'];
  const { names, logs } = await find(folder.path, words);
  expect(names).toEqual(['logs/app.log', 'app.log', 'logs/app.log', './app.log', 'app.log']);
  expect(logs.map(({ isNamed }) => isNamed)).toEqual([true, true, false, true, true]);
});

test('a word that exists is no glob', async () => {
  expect((await find(folder.path, ['a*.log'])).names).toEqual(['a*.log']);
  expect((await find(folder.path, ['?*.log'])).names).toEqual(['a*.log', 'app.log']);
  expect((await find(folder.path, ['a\\*.log'])).problems).toEqual([]);
});

test('`..` behind a symbolic link is where the system says', async () => {
  expect(await find(folder.path, ['link/../beside.log'])).toMatchObject({
    names: ['link/../beside.log'],
    problems: [],
  });
});

test.for([
  ['nothing', 'not-found', 'cannot read nothing: no such file or directory'],
  ['file/', 'not-found', 'cannot read file/: not a directory'],
  ['file/below', 'not-found', 'cannot read file/below: not a directory'],
  ['circle', 'unreadable', 'cannot read circle: too many symbolic links encountered'],
  ['gone*', 'not-found', 'cannot read gone*: no such file or directory'],
  ['', 'not-found', `cannot read '': it is an empty name`],
  ['a\0b', 'not-found', String.raw`cannot read 'a\x00b': no name can hold a NUL byte`],
  ['a\0*', 'not-found', String.raw`cannot read 'a\x00*': no name can hold a NUL byte`],
] as const)('%j is a problem, and the next word is searched', async ([word, code, message]) => {
  const { names, problems } = await find(folder.path, [word, 'app.log']);
  expect(problems).toEqual([{ code, message }]);
  expect(names).toEqual(['app.log']);
});

test('names and paths that are too long are problems', async () => {
  const words = ['a'.repeat(256), 'a/'.repeat(3000)];
  const { problems } = await find(folder.path, words);
  expect(problems.map(({ message }) => message)).toEqual(words.map((word) => `cannot read ${word}: name too long`));
});

test('devices that may never end are refused with the way to read them, /dev/null is empty', async () => {
  const { logs, problems } = await find('/', ['/dev/zero', 'dev/full', '/dev/null']);
  expect(problems).toEqual(
    ['/dev/zero', 'dev/full'].map((name) => ({
      code: 'unreadable',
      message: `cannot read ${name}: it is a device that may never end`,
      hint: `\`devops logs-grep PATTERN < ${name}\` reads it all the same`,
    })),
  );
  expect(logs).toMatchObject([{ name: '/dev/null', kind: 'pipe', size: 0, isNamed: true }]);
});

test('a FIFO is not opened to be looked at, and has no size', async () => {
  execFileSync('mkfifo', [join(folder.path, 'fifo')]);
  expect((await find(folder.path, ['fifo'])).logs).toMatchObject([{ kind: 'pipe', size: 0, isNamed: true }]);
  expect((await find(folder.path, ['fif?'])).logs).toMatchObject([{ kind: 'pipe', size: 0, isNamed: true }]);
});

test('a descriptor of a process substitution is a pipe', async () => {
  const child = spawn('bash', [
    '-c',
    'read -r line < <(echo ready; exec sleep 20) && exec 3< <(exec sleep 20) && echo $! && exec sleep 20',
  ]);
  try {
    const sleeper = Number(String(await new Promise((resolve) => child.stdout.once('data', resolve))));
    expect((await find('/', [`/proc/${child.pid}/fd/3`])).logs).toMatchObject([{ kind: 'pipe' }]);
    process.kill(sleeper);
  } finally {
    child.kill('SIGKILL');
  }
});

const script = requireProgram('script', 'a terminal as an input of logs-grep is not tried');
test.skipIf(script === undefined)('a terminal is told from other devices', async () => {
  const tty = execFileSync(script!, ['-qec', 'tty', '/dev/null'], { stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .trim();
  expect(tty).toMatch(/^\/dev\/pts\/\d+$/);
  const child = spawn(script!, ['-qec', 'tty; exec sleep 20', '/dev/null'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const name = String(await new Promise((resolve) => child.stdout.once('data', resolve))).trim();
    expect((await find('/', [name])).logs).toMatchObject([{ name, kind: 'terminal', size: 0 }]);
  } finally {
    child.kill();
  }
});

test('what was named is searched though it is left out below directories', async () => {
  const { names } = await find(folder.path, ['app.log', 'logs', '?pp.log'], {
    include: ['*.txt'],
    exclude: ['app*', 'logs/'],
  });
  expect(names).toEqual(['app.log', 'app.log']);
  expect((await find(folder.path, ['real'], { exclude: ['deep/'] })).names).toEqual(['real/beside.log']);
  expect((await find(folder.path, ['real'], { include: ['b*', 'x'] })).names).toEqual(['real/beside.log']);
});

test('an aborted search throws the reason', async () => {
  await expect(find(folder.path, ['.'], { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
});

test('nothing stays open', async () => {
  const before = openSync('/dev/null', 'r');
  closeSync(before);
  await find(folder.path, ['.', '**', 'fif?', 'nothing', '*/*']);
  const after = openSync('/dev/null', 'r');
  closeSync(after);
  expect(after).toBe(before);
});
