import { execFileSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandGlob } from '../../../../src/lib/logs/inputs/expand-glob.ts';
import { createTurns } from '../../../../src/lib/logs/inputs/turns.ts';
import { find, growTree, plant, trees } from './tree.ts';

const turns = createTurns(new AbortController().signal);

async function expand(cwd: string, glob: string): Promise<string[]> {
  return (await expandGlob(glob, { cwd, turns })).names;
}

function expandByBash(cwd: string, globs: readonly string[]): string[][] {
  // The word is not quoted, so that it is expanded and nothing else; without a separator it is not split.
  const script = `shopt -s globstar nullglob; IFS=; for glob; do names=($glob); printf '%s\\0' "\${names[@]}" $'\\n'; done`;
  const out = execFileSync('bash', ['--norc', '-c', script, 'bash', ...globs], {
    cwd,
    env: { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' },
  });
  // printf writes one empty name when there are none.
  return out
    .toString()
    .split('\n\0')
    .slice(0, -1)
    .map((part) => part.split('\0').filter((name) => name !== ''));
}

function leadsThroughLink(cwd: string, name: string): boolean {
  const parts = name.split('/');
  return parts.some((_, index) => index > 0 && lstatSync([cwd, ...parts.slice(0, index)].join('/')).isSymbolicLink());
}

const component = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('*', '*.log', 'a*', '?', 'd', '.*', '**', 'a', '*d*', 'd.log') },
  fc.constantFrom(
    '[ab]',
    '[!a]*',
    '[a-c]?',
    '[]a]',
    '[[:upper:]]*',
    '[[:xdigit:]]*',
    '[.]a',
    '[',
    'a[',
    '..',
    '.',
    '[^b]',
    '\\*',
    'a\\*',
  ),
  fc.constantFrom('??', '*[*', '***', '[[]a]', '*a*b*', '?*', '[a-]*', '[z-a]', '[[:digit:]a]*', 'c[0-9]', '[\\]a]'),
);
const globs = fc
  .array(component, { minLength: 1, maxLength: 4 })
  .filter((parts) => parts.some((part) => /^[^\\]*[*?]|\[.*\]/.test(part)))
  // What `**` means at the end, and what goes up or stays behind one, is ours.
  .filter((parts) => {
    const deep = parts.indexOf('**');
    return deep === -1 || (parts.at(-1) !== '**' && !parts.slice(deep).some((part) => part === '.' || part === '..'));
  })
  .map((parts) => parts.join('/'));

test('a glob fits what bash fits, in the order of the bytes', async () => {
  await fc.assert(
    fc.asyncProperty(trees, fc.array(globs, { minLength: 1, maxLength: 12 }), async (tree, words) => {
      // So deep that no `..` leads out of it, where other tests come and go.
      using folder = plant({ 'up/up/up/up/up': undefined });
      const cwd = join(folder.path, 'up/up/up/up/up');
      growTree(cwd, tree);
      const expected = expandByBash(cwd, words);
      for (const [index, word] of words.entries()) {
        // A word that bash takes for no glob, such as `[`, it leaves as it is.
        const names = (expected[index] ?? []).filter((name) => lstatSync(`${cwd}/${name}`, { throwIfNoEntry: false }));
        // Behind a link that `**` comes to last, bash looks in some places (`d/**/x`) and in others not (`**/x`).
        const isSure = (name: string): boolean => !word.includes('**') || !leadsThroughLink(cwd, name);
        const sure = [...new Set(names.filter(isSure))].toSorted((one, other) =>
          Buffer.compare(Buffer.from(one), Buffer.from(other)),
        );
        expect([word, (await expand(cwd, word)).filter(isSure)]).toEqual([word, sure]);
      }
    }),
    { numRuns: 80 },
  );
});

const logs = {
  'logs/app.log': 'x',
  'logs/.hidden.log': 'x',
  'logs/web/app.log': 'x',
  'logs/web/deep/er/app.log': 'x',
  'logs/.git/app.log': 'x',
  'logs/[x].log': 'x',
  'logs/link': { link: 'web' },
};

test.for([
  ['logs/*.log', ['logs/[x].log', 'logs/app.log']],
  ['logs/.*.log', ['logs/.hidden.log']],
  ['logs/**/app.log', ['logs/app.log', 'logs/web/app.log', 'logs/web/deep/er/app.log']],
  ['**/er/*', ['logs/web/deep/er/app.log']],
  ['logs/[x].log', ['logs/[x].log']],
  ['logs/[ax]*.log', ['logs/app.log']],
  ['logs/*/', ['logs/link/app.log', 'logs/link/deep/er/app.log', 'logs/web/app.log', 'logs/web/deep/er/app.log']],
  ['./log?/../logs/app*', ['./logs/../logs/app.log']],
] as const)('%s is searched as %s', async ([word, names]) => {
  using folder = plant(logs);
  expect(await find(folder.path, [word])).toMatchObject({ names, problems: [] });
});

test('what a glob fits was named, and directories that fit are searched whole', async () => {
  using folder = plant(logs);
  const found = (await find(folder.path, ['lo*', 'logs/app*'])).logs;
  expect(found.filter(({ isNamed }) => isNamed).map(({ name }) => name)).toEqual(['logs/app.log']);
  expect(found.map(({ name }) => name)).toContain('logs/.git/app.log');
});

test('no file is searched twice for one glob, however many directories fit as well', async () => {
  using folder = plant(logs);
  const whole = (await find(folder.path, ['logs'])).names;
  for (const glob of ['logs/**', '**', 'l*/**', 'logs/**/**', 'logs/**/**/']) {
    const { names } = await find(folder.path, [glob]);
    expect([glob, names.map((name) => name.replace('./', ''))]).toEqual([glob, whole]);
  }
  for (const glob of ['**/*', 'l**/**/*', '**/**/*']) {
    const { names } = await find(folder.path, [glob]);
    expect([glob, new Set(names).size]).toEqual([glob, names.length]);
    expect(names).toContain('logs/web/deep/er/app.log');
  }
});

test('a glob that fits nothing is told', async () => {
  using folder = plant(logs);
  const words = ['logs/*.gz', 'gone/*.log', 'logs/app.log/*', '[', '**/../x', '*/*/*/*/*/*'];
  const { names, problems } = await find(folder.path, words);
  expect(names).toEqual([]);
  expect(problems).toEqual(
    words.map((word) => ({
      code: 'not-found',
      message: `cannot read ${word}: no file has this name or fits it as a glob`,
    })),
  );
});

test('many stars take no time that grows with every star', async () => {
  const tree = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`${'a/'.repeat(index)}${'a'.repeat(200)}`, 'x']),
  );
  using folder = plant(tree);
  const start = performance.now();
  expect(await expand(folder.path, `${'*a'.repeat(100)}*b`)).toEqual([]);
  expect(await expand(folder.path, `${'**/*a/'.repeat(30)}b*`)).toEqual([]);
  expect(await expand(folder.path, `${'?'.repeat(100_000)}*`)).toEqual([]);
  expect(await expand(folder.path, '*/'.repeat(60_000))).toEqual([]);
  expect(await expand(folder.path, `[${'a-z'.repeat(300)}]`)).toEqual(['a']);
  expect(await expand(folder.path, '['.repeat(4000))).toEqual([]);
  expect(performance.now() - start).toBeLessThan(2000);
});
