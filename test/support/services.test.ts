import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireProgram } from './services.ts';

const checkout = join(import.meta.dirname, '../..');
const services = join(import.meta.dirname, 'services.ts');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-services-test-'));
  symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  const config = { test: { include: ['*.test.ts'], pool: 'threads', isolate: false, globalSetup: [services] } };
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};`);
  for (const name of ['one', 'two']) {
    writeFileSync(
      join(folder, `${name}.test.ts`),
      `import { test } from 'vitest';
       import { requireProgram } from ${JSON.stringify(services)};
       const program = requireProgram('no-such-program', 'nothing is known about the moon');
       test.skipIf(program === undefined)('needs it', () => {});
       test('needs nothing', () => {});`,
    );
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

test('a program that is installed is found by its path', () => {
  expect(requireProgram('sh', 'nothing works', { PATH: '/nonexistent:/bin' })).toBe('/bin/sh');
});

test('a missing program skips its tests, and the closing summary says once why', async () => {
  const { code, output } = await runVitest({ CI: '' });
  expect(code).toBe(0);
  expect(output).toMatch(/Tests +2 passed \| 2 skipped/);
  const summary = output.slice(output.indexOf('2 skipped'));
  expect(summary.match(/no-such-program is not installed: nothing is known about the moon/g)).toHaveLength(1);
});

test('with CI=true a missing program is a failure that names it', async () => {
  const { code, output } = await runVitest({ CI: 'true' });
  expect(code).toBe(1);
  expect(output).toContain('no-such-program is not installed: nothing is known about the moon');
  expect(output).not.toContain('skipped');
});

function runVitest(env: NodeJS.ProcessEnv): Promise<{ code: number | string; output: string }> {
  const vitest = join(checkout, 'node_modules/vitest/vitest.mjs');
  const options = { cwd: folder, env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env }, timeout: 60_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, [vitest, 'run'], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? 'killed'), output: stdout + stderr });
    });
  });
}
