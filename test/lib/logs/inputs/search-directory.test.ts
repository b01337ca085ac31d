import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { find, plant, trees } from './tree.ts';

function lines(bytes: Buffer): string[] {
  return bytes.toString().split('\0').slice(0, -1);
}

/** In the C locale a `?` of grep is one byte, here it is one character. */
const unicode = { ...process.env, LC_ALL: 'C.UTF-8' };

test('of any tree the same files are searched as by grep -r, sorted by their bytes and depth first', async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (tree) => {
      using folder = plant(tree);
      const { names, problems } = await find(folder.path, ['.']);
      const grep = spawnSync('grep', ['-rlZ', '', '.'], { cwd: folder.path });
      expect(names.toSorted()).toEqual(lines(grep.stdout).toSorted());
      const byComponents = names.toSorted((one, other) =>
        Buffer.compare(Buffer.from(one.replaceAll('/', '\0')), Buffer.from(other.replaceAll('/', '\0'))),
      );
      expect(names).toEqual(byComponents);
      expect(problems).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('of any tree the same files are left out as by grep -r --include and --exclude', async () => {
  const globs = fc.constantFrom('*.log', 'a*', '?', '[ab]*', '.*', '*', 'd', '[!a]*', 'A', '*b');
  await fc.assert(
    fc.asyncProperty(trees, fc.array(globs, { maxLength: 2 }), fc.array(globs, { maxLength: 1 }), async (...given) => {
      const [tree, include, exclude] = given;
      using folder = plant(tree);
      const { names } = await find(folder.path, ['./'], { include, exclude });
      const words = [
        ...include.map((glob) => `--include=${glob}`),
        ...exclude.flatMap((glob) => [`--exclude=${glob}`, `--exclude-dir=${glob}`]),
      ];
      // grep puts the last of both first where a name fits both: left out is left out here, so it is asked twice.
      const once = (options: string[]): string[] =>
        lines(spawnSync('grep', ['-rlZ', ...options, '', './'], { cwd: folder.path, env: unicode }).stdout);
      const included = new Set(once(words.slice(0, include.length)));
      const expected = once(words.slice(include.length)).filter((name) => included.has(name));
      // grep leaves out the directory named on its command line as well when it fits; here it is always searched.
      if (exclude.some((glob) => ['*', '.*', '?', '[!a]*'].includes(glob))) return;
      expect(names.toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 30 },
  );
});

test('names are as typed and paths absolute, with size and time, whatever slashes are at the end', async () => {
  using folder = plant({ 'logs/app.log': 'four', 'logs/old/.hidden': '' });
  expect((await find(folder.path, ['logs', 'logs/', './logs//'])).names).toEqual([
    'logs/app.log',
    'logs/old/.hidden',
    'logs/app.log',
    'logs/old/.hidden',
    './logs//app.log',
    './logs//old/.hidden',
  ]);
  const [log] = (await find(folder.path, [`${folder.path}/logs`])).logs;
  const path = join(folder.path, 'logs/app.log');
  expect(log).toMatchObject({ name: path, path, kind: 'file', size: 4, isNamed: false, isRotated: false });
  expect(Math.abs(log!.modifiedSeconds - Date.now() / 1000)).toBeLessThan(60);
});

test('links below a directory are not followed, one that is named is', async () => {
  using folder = plant({
    'logs/app.log': 'x',
    'logs/again': { link: 'app.log' },
    'logs/up': { link: '..' },
    current: { link: 'logs' },
  });
  const { names, problems } = await find(folder.path, ['logs', 'current', 'logs/again']);
  expect(names).toEqual(['logs/app.log', 'current/app.log', 'logs/again']);
  expect(problems).toEqual([]);
});

test('links below a directory are passed over, also those that lead nowhere, as by grep -r', async () => {
  using folder = plant({ 'logs/a': { link: 'gone' }, 'logs/b': { link: 'b' }, 'logs/c': 'x', 'logs/d': { link: 'c' } });
  expect(await find(folder.path, ['logs'])).toMatchObject({ names: ['logs/c'], problems: [] });
});

test('FIFOs and sockets in a directory are left out silently', async () => {
  using folder = plant({ 'logs/app.log': 'x' });
  execFileSync('mkfifo', [join(folder.path, 'logs/fifo')]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder.path, 'logs/socket'), resolve));
  try {
    expect(await find(folder.path, ['logs'])).toMatchObject({ names: ['logs/app.log'], problems: [] });
  } finally {
    server.close();
  }
});

test('a directory that cannot be read is told, and the rest goes on', async () => {
  using folder = plant({ 'logs/a/x.log': 'x', 'logs/b/x.log': 'x', 'logs/c/x.log': 'x' });
  const locked = join(folder.path, 'logs/b');
  chmodSync(locked, 0o000);
  // Root reads everything, unless it gives that up.
  const script = `import { find } from ${JSON.stringify(new URL('tree.ts', import.meta.url).pathname)};
    console.log(JSON.stringify(await find(${JSON.stringify(folder.path)}, ['logs', 'logs/b/x.log', 'logs/b/*.log'])));`;
  const line = [process.execPath, '--input-type=module', '--eval', script];
  if (process.getuid!() === 0) line.unshift('setpriv', '--bounding-set', '-dac_override,-dac_read_search');
  const answer = JSON.parse(execFileSync(line[0]!, line.slice(1)).toString()) as Awaited<ReturnType<typeof find>>;
  chmodSync(locked, 0o755);
  expect(answer.names).toEqual(['logs/a/x.log', 'logs/c/x.log']);
  expect(answer.problems).toEqual([
    { code: 'unreadable', message: 'cannot read logs/b/x.log: permission denied' },
    { code: 'unreadable', message: 'cannot read logs/b: permission denied' },
    { code: 'unreadable', message: 'cannot read logs/b: permission denied' },
  ]);
});

test('a name that is not UTF-8 is told', async () => {
  using folder = plant({ 'logs/z.log': 'x' });
  writeFileSync(Buffer.concat([Buffer.from(`${folder.path}/logs/`), Buffer.from([0xe4])]), 'x');
  const { names, problems } = await find(folder.path, ['logs']);
  expect(names).toEqual(['logs/z.log']);
  expect(problems).toMatchObject([{ code: 'unreadable', message: 'cannot read logs/\ufffd: its name is not UTF-8' }]);
});

test('a tree of more levels than a path can have ends where paths end, with a problem', async () => {
  using folder = plant({ 'deep/first.log': 'x', 'z.log': 'x' });
  execFileSync('mkdir', ['-p', `deep${`/${'d'.repeat(20)}`.repeat(250)}`], { cwd: folder.path });
  const { names, problems } = await find(folder.path, ['.']);
  expect(names).toEqual(['./deep/first.log', './z.log']);
  expect(problems).toHaveLength(1);
  expect(problems[0]!.message).toMatch(/^cannot read \.\/deep(\/d{20})+: name too long$/);
  execFileSync('rm', ['-rf', 'deep'], { cwd: folder.path });
});

test('an abort is heard in the midst of a long search', async () => {
  using folder = plant({ 'logs/a.log': 'x', 'logs/b.log': 'x' });
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error('enough')));
  const words = Array.from({ length: 2000 }, () => 'logs');
  await expect(find(folder.path, words, { signal: controller.signal })).rejects.toThrow('enough');
  expect((await find(folder.path, words)).names).toHaveLength(4000);
});
