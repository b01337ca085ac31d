import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { zipFunction } from '../../../../src/lib/aws/lambda/zip-function.ts';

test('the archive has the files, whatever the order in which they were given', async () => {
  const one = await zipFunction({ 'index.js': 'exports.handler = 1;\n', 'a.txt': new Uint8Array([0, 255]) });
  const two = await zipFunction({ 'a.txt': new Uint8Array([0, 255]), 'index.js': 'exports.handler = 1;\n' });
  expect(one).toEqual(two);
  const files = unzipSync(one);
  expect(Object.keys(files)).toEqual(['a.txt', 'index.js']);
  expect(Buffer.from(files['index.js']!).toString()).toBe('exports.handler = 1;\n');
});

test('another zone makes the same archive', () => {
  const make = (zone: string) =>
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { zipFunction } from ${JSON.stringify(join(import.meta.dirname, '../../../../src/lib/aws/lambda/zip-function.ts'))};
         process.stdout.write(Buffer.from(await zipFunction({ 'index.js': 'x' })).toString('hex'));`,
      ],
      { env: { TZ: zone }, encoding: 'utf8' },
    );
  expect(make('Pacific/Kiritimati')).toBe(make('America/Los_Angeles'));
});

test('everybody may read the files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-zip-'));
  try {
    writeFileSync(join(folder, 'f.zip'), await zipFunction({ 'index.js': 'x'.repeat(1000) }));
    execFileSync('python3', ['-m', 'zipfile', '-t', join(folder, 'f.zip')]);
    const modes = execFileSync(
      'python3',
      [
        '-c',
        `import sys, zipfile; print([oct(i.external_attr >> 16) for i in zipfile.ZipFile(sys.argv[1]).infolist()])`,
        join(folder, 'f.zip'),
      ],
      { encoding: 'utf8' },
    );
    expect(modes.trim()).toBe("['0o100644']");
    expect(statSync(join(folder, 'f.zip')).size).toBeLessThan(200);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
