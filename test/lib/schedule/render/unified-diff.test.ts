import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unifiedDiff } from '../../../../src/lib/schedule/render/unified-diff.ts';
import { requireProgram } from '../../../support/services.ts';

const patch = requireProgram('patch', 'the differences of schedules are not applied by another program');
const names = { before: 'a', after: 'b' };

test('nothing for the same text', () => {
  expect(unifiedDiff('x\n', 'x\n', names)).toBe('');
});

test('a change with three lines around it, and a last line without an end', () => {
  const before = '1\n2\n3\n4\n5\n6\n7\n8\n9';
  expect(unifiedDiff(before, before.replace('5', 'five'), names)).toBe(
    '--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
  );
  expect(unifiedDiff('1\n', '1', names)).toBe('--- a\n+++ b\n@@ -1 +1 @@\n-1\n+1\n\\ No newline at end of file\n');
  expect(unifiedDiff('', 'x\n', names)).toBe('--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n');
});

test.skipIf(patch === undefined)('patch(1) makes the one of the other, for many random texts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-diff-'));
  try {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 25; round++) {
      const text = () =>
        Array.from({ length: random(30) }, () => `${random(6)}`).join('\n') + (random(2) === 0 ? '\n' : '');
      const [before, after] = [text(), text()];
      const diff = unifiedDiff(before, after, names);
      if (diff === '') continue;
      writeFileSync(join(folder, 'a'), before);
      execFileSync(patch!, ['-s', 'a'], { cwd: folder, input: diff });
      expect(execFileSync('cat', ['a'], { cwd: folder, encoding: 'utf8' })).toBe(after);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('texts too large for the table are still told within a second', () => {
  const lines = (word: string) => Array.from({ length: 10_000 }, (_, at) => `${word}${at}\n`).join('');
  expect(unifiedDiff(lines('a'), lines('b'), names).split('\n')).toHaveLength(20_004);
});
