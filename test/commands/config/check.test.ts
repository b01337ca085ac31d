import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runRealDevops } from '../../support/run-real-devops.ts';

// What is no configuration at all is in test/contract/bad-config.test.ts.

let folder: string;
let path: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-check-')));
  path = join(folder, 'devops.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const check = (words = '') => runRealDevops(`config check ${words}`.trim(), { cwd: folder });

test('without a file all is default, and that is said', async () => {
  expect(await check()).toEqual({ code: 0, stdout: 'ok: there is no devops.yaml: all is default\n', stderr: '' });
  expect(JSON.parse((await check('--json')).stdout)).toEqual([
    { state: 'ok', message: 'there is no devops.yaml: all is default' },
  ]);
});

test('without a mistake the file is named, and with -q nothing', async () => {
  writeFileSync(path, 'sysinfo: { sample: 2s }\n', { mode: 0o600 });
  expect(await check()).toEqual({ code: 0, stdout: `ok: ${path}: no mistakes\n`, stderr: '' });
  expect(await check('-q')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('every mistake is a line to which an editor can jump, and 2', async () => {
  writeFileSync(path, "sysinfo:\n  sample: 2\n  dedline: 2s\n  rules:\n    - if: 'disk.usd_pct > 90'\n", {
    mode: 0o600,
  });
  const { code, stdout, stderr } = await check();
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  const places = lines.filter((line) => line.startsWith(path)).map((line) => line.slice(path.length + 1));
  expect(places).toEqual([
    expect.stringMatching(/^2:11: sysinfo\.sample: found the number 2, expected a duration/),
    expect.stringMatching(/^3:3: sysinfo\.dedline: found an unknown key/),
    expect.stringMatching(/^5:11: sysinfo\.rules\[0\]\.if: .*disk\.usd_pct/),
  ]);
  expect(stdout).toContain("did you mean 'deadline'?");
  expect(stdout).toMatch(/did you mean '?disk\.used_pct'?\?/);
  expect((await check('-q')).stdout).toBe(stdout);
});

test('a CI server gets a failed test for each, with its place', async () => {
  writeFileSync(path, 'sysinfo:\n  sample: 2\n  dedline: 2s\n', { mode: 0o600 });
  const { code, stdout } = await check('-o junit');
  expect(code).toBe(2);
  expect(stdout).toMatch(/tests="2" failures="0" errors="2"/);
  expect(stdout).toContain(`devops.yaml:2:11`);
  expect(stdout).toContain(`devops.yaml:3:3`);
});

test('nothing that the file says can move the cursor', async () => {
  writeFileSync(path, '"\\e[2J\\n\u202E": 1\n', { mode: 0o600 });
  expect((await check()).stdout).toMatch(/^([ -~]+\n)+$/);
});
