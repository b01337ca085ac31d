import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { findLogs } from '../../../../src/lib/logs/inputs/find-logs.ts';
import type { FindLogsOptions, FoundLog } from '../../../../src/lib/logs/inputs/find-logs.ts';
import type { SourceProblem } from '../../../../src/lib/logs/source/source-problem.ts';

/** What stands at a path of a tree: the text of a file, or where a symbolic link points; `undefined` is a directory. */
export type Tree = Record<string, string | { link: string } | undefined>;

/** A directory of its own, removed when it is disposed of. */
export function plant(tree: Tree): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'log-inputs-'));
  growTree(path, tree);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

export function growTree(path: string, tree: Tree): void {
  for (const [name, content] of Object.entries(tree)) {
    const place = join(path, name);
    mkdirSync(content === undefined ? place : dirname(place), { recursive: true });
    if (typeof content === 'string') writeFileSync(place, content);
    else if (content !== undefined) symlinkSync(content.link, place);
  }
}

export async function find(
  cwd: string,
  words: readonly string[],
  options: Partial<FindLogsOptions> = {},
): Promise<{ logs: FoundLog[]; names: string[]; problems: SourceProblem[] }> {
  const { signal } = new AbortController();
  const { logs, problems } = await findLogs(words, {
    cwd,
    include: [],
    exclude: [],
    rotated: false,
    signal,
    ...options,
  });
  return { logs, names: logs.map(({ name }) => name), problems };
}

/** Names of the usual letters, hidden ones, with characters of globs, and some where UTF-8 and UTF-16 sort differently. */
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'ab', 'a.log', 'b.log', '.a', '.h.log', 'A', 'a-b', 'c1') },
  fc.constantFrom('a*', '[a]', 'a?b', 'ä', '\u{10348}', '\uffe5', ' ', '..a', 'a\\b', '-'),
);

/** Small directories three levels deep, with links to what is there, to nothing and in circles. */
export const trees: fc.Arbitrary<Tree> = fc
  .array(
    fc.record({
      folders: fc.array(fc.constantFrom('d', 'e', '.d', 'd.log', 'dé'), { maxLength: 2 }),
      name,
      content: fc.oneof(
        { weight: 6, arbitrary: fc.constant('x\n') },
        fc.constant(undefined),
        fc.record({ link: fc.constantFrom('a', 'd', '..', '.', '../d', 'nothing', 'e/b') }),
      ),
    }),
    { maxLength: 12 },
  )
  .map((entries) => {
    const tree = new Map<string, Tree[string]>();
    for (const { folders, name: base, content } of entries) {
      const path = [...folders, base].join('/');
      // What is a file or a link cannot be a directory as well; directory names are no file names here.
      if (!tree.has(path)) tree.set(path, content);
    }
    return Object.fromEntries(tree);
  });
