import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFileLimit } from '../../../src/lib/concurrency/open-file-limit.ts';

function limits(openFiles: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'devops-limits-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'limits');
  const lines = [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max processes             63382                63382                processes ',
    `Max open files            ${openFiles.padEnd(21)}524288               files     `,
    'Max locked memory         8388608              8388608              bytes     ',
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

test('it is the soft limit of open files', () => {
  expect(openFileLimit(limits('1024'))).toBe(1024);
});

test('no limit, and no such file, are undefined', () => {
  expect(openFileLimit(limits('unlimited'))).toBeUndefined();
  expect(openFileLimit('/nonexistent')).toBeUndefined();
});

test.skipIf(process.platform !== 'linux')('this process has one', () => {
  expect(openFileLimit()).toBeGreaterThan(32);
});
