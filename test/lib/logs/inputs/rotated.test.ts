import { linkSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupRotations } from '../../../../src/lib/logs/inputs/group-rotations.ts';
import { rotationOf } from '../../../../src/lib/logs/cursor/rotated-names.ts';
import { find, plant } from './tree.ts';
import type { Tree } from './tree.ts';

const rotated = true;

function files(...names: string[]): Tree {
  return Object.fromEntries(names.map((name) => [name, 'x']));
}

const family = ['app.log.10.gz', 'app.log.2.gz', 'app.log.1', 'app.log'];

test('rotated siblings stand before the file that was named, oldest first', async () => {
  using folder = plant(files('logs/other.log', 'logs/app.log.txt', ...family.map((name) => `logs/${name}`)));
  const { names, logs } = await find(folder.path, ['logs/app.log'], { rotated });
  expect(names).toEqual(family.map((name) => `logs/${name}`));
  expect(logs.map(({ isRotated }) => isRotated)).toEqual([true, true, true, false]);
  expect(logs.map(({ isNamed }) => isNamed)).toEqual([false, false, false, true]);
  expect(logs.map(({ path }) => path)).toEqual(names.map((name) => join(folder.path, name)));
  expect((await find(folder.path, ['logs/app.log'])).names).toEqual(['logs/app.log']);
});

test.for([
  ['a quoted glob', ['app.log*']],
  ['what a shell makes of it', ['app.log', 'app.log.1', 'app.log.10.gz', 'app.log.2.gz']],
  ['any order, written in two ways', ['./app.log.2.gz', 'app.log', 'app.log.1']],
  ['a log and a glob of its siblings', ['app.log', 'app.log.*']],
  ['a glob of several directories', ['**/app.log*']],
] as const)('%s gives each file of a rotation once', async ([, words]) => {
  using folder = plant(files(...family));
  const { names } = await find(folder.path, words, { rotated });
  expect(names.map((name) => name.replace('./', ''))).toEqual(family);
});

test('a log that is named twice is searched twice, its siblings once', async () => {
  using folder = plant(files(...family));
  expect((await find(folder.path, ['app.log', 'app.log'], { rotated })).names).toEqual([...family, 'app.log']);
});

test('a rotated file that is named without its log stays alone', async () => {
  using folder = plant(files(...family));
  expect((await find(folder.path, ['app.log.1', 'app.log.2.gz'], { rotated })).names).toEqual([
    'app.log.1',
    'app.log.2.gz',
  ]);
});

test('several logs of a directory keep their own siblings', async () => {
  using folder = plant(files('a.log', 'a.log.1', 'b.log', 'b-20261118.log', 'b-20261119.log', 'ab.log.1'));
  expect((await find(folder.path, ['*.log'], { rotated })).names).toEqual([
    'a.log.1',
    'a.log',
    'b-20261118.log',
    'b-20261119.log',
    'b.log',
  ]);
});

test('what is left out is left out of the siblings, unless it was named', async () => {
  using folder = plant(files(...family));
  const exclude = ['*.gz'];
  expect((await find(folder.path, ['app.log'], { rotated, exclude })).names).toEqual(['app.log.1', 'app.log']);
  expect((await find(folder.path, ['app.log', 'app.log.2.gz'], { rotated, exclude })).names).toEqual(family.slice(1));
});

test('a copy that is being compressed is left out for its original', async () => {
  using folder = plant(files('app.log', 'app.log.1', 'app.log.1.gz', 'app.log.2.gz'));
  expect((await find(folder.path, ['app.log'], { rotated })).names).toEqual(['app.log.2.gz', 'app.log.1', 'app.log']);
});

test('a link brings the siblings of its own directory and of the one it points into', async () => {
  using folder = plant({
    'now/web.log': { link: '../pods/0.log' },
    ...files('pods/0.log', 'pods/0.log.20261119-101010', 'pods/0.log.20261118-101010.gz', 'pods/1.log'),
  });
  const pods = join(folder.path, 'pods');
  const { logs, problems } = await find(folder.path, ['now/web.log'], { rotated });
  expect(problems).toEqual([]);
  expect(logs.map(({ path }) => path)).toEqual([
    `${pods}/0.log.20261118-101010.gz`,
    `${pods}/0.log.20261119-101010`,
    join(folder.path, 'now/web.log'),
  ]);
  expect(logs[0]!.name).toBe(logs[0]!.path);
});

test('another name of the log itself is no sibling', async () => {
  using folder = plant({ 'app.log': { link: 'app-20261120.log' }, ...files('app-20261119.log', 'app-20261120.log') });
  linkSync(join(folder.path, 'app-20261119.log'), join(folder.path, 'app.log.1'));
  for (const words of [['app.log'], ['app*.log']]) {
    expect((await find(folder.path, words, { rotated })).names).toEqual(['app-20261119.log', 'app.log']);
  }
});

test('siblings that cannot be looked at are told', async () => {
  using folder = plant({ 'app.log': 'x', 'app.log.1': { link: 'app.log.1' }, 'app.log.2': { link: 'gone' } });
  mkdirSync(join(folder.path, 'app.log.3'));
  const { names, problems } = await find(folder.path, ['app.log'], { rotated });
  expect(names).toEqual(['app.log']);
  expect(problems.map(({ message }) => message)).toEqual([
    'cannot read app.log.1: too many symbolic links encountered',
    'cannot read app.log.2: no such file or directory',
  ]);
});

test('in a directory the siblings of a log stand together, oldest first', async () => {
  using folder = plant(
    files('d/app.log.1', 'd/app.log.2', 'd/app.log-x', 'd/app.log', 'd/b/c.1.log', 'd/b/c.log', 'd/z.1', 'd/z.2'),
  );
  const { names, logs } = await find(folder.path, ['d'], { rotated });
  expect(names).toEqual([
    'd/app.log.2',
    'd/app.log.1',
    'd/app.log',
    'd/app.log-x',
    'd/b/c.1.log',
    'd/b/c.log',
    'd/z.1',
    'd/z.2',
  ]);
  expect(logs.filter(({ isRotated }) => isRotated)).toHaveLength(3);
});

test('in a directory the siblings of what is included are there, too', async () => {
  using folder = plant(files(...[...family, 'b.log.1', 'c.txt', 'c.txt.1'].map((name) => `d/${name}`)));
  const include = ['*.log'];
  expect((await find(folder.path, ['d'], { include })).names).toEqual(['d/app.log']);
  const { names } = await find(folder.path, ['d'], { rotated, include });
  expect(names).toEqual(family.map((name) => `d/${name}`));
});

test('siblings of a log that is named beside its directory are not searched again', async () => {
  using folder = plant({ ...files('d/app.log', 'd/app.log.1', 'd/b.log'), link: { link: 'd' } });
  expect((await find(folder.path, ['d/app.log', 'link'], { rotated })).names).toEqual([
    'd/app.log.1',
    'd/app.log',
    'link/app.log',
    'link/b.log',
  ]);
  expect((await find(folder.path, ['link/', 'd/app.log'], { rotated })).names).toEqual([
    'link/app.log.1',
    'link/app.log',
    'link/b.log',
    'd/app.log',
  ]);
});

test('a rotation of a rotation goes to the log, by its time', async () => {
  using folder = plant(files('app.log', 'app.log.1', 'app.log.1.2'));
  utimesSync(join(folder.path, 'app.log.1.2'), 1000, 1000);
  utimesSync(join(folder.path, 'app.log.1'), 2000, 2000);
  expect((await find(folder.path, ['app.log*'], { rotated })).names).toEqual(['app.log.1.2', 'app.log.1', 'app.log']);
});

test('every rotation of a log is found where its name is cut, as when it is held against each log', () => {
  const part = fc.constantFrom(
    'app',
    '.log',
    '.1',
    '-20261120',
    '.2026-11-20_13-05',
    '.gz',
    '.old',
    '-',
    '_',
    '.',
    'x',
    '.12.34',
  );
  const names = fc.uniqueArray(
    fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(names, (all) => {
      const known = new Set(all);
      const grouped = new Set([...groupRotations(all, (name) => known.has(name)).values()].flat());
      const expected = all.filter((name) => all.some((log) => rotationOf(log, name) !== undefined));
      expect([...grouped].toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 500 },
  );
});

test('many rotated files of many logs take linear time', () => {
  const logs = Array.from({ length: 5000 }, (_, index) => `service-${index}.log`);
  const names = logs.flatMap((log) => [log, `${log}.1`, `${log}-20261120.gz`, `${log.slice(0, -4)}-20261119.log`]);
  const known = new Set(logs);
  const start = performance.now();
  expect([...groupRotations(names, (name) => known.has(name)).values()].flat()).toHaveLength(15_000);
  expect(performance.now() - start).toBeLessThan(1000);
});
