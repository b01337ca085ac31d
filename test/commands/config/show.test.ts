import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RealRunOptions, runRealDevops } from '../../support/run-real-devops.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-show-')));
  path = join(folder, 'devops.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const show = (words = '', options: RealRunOptions = {}) =>
  runRealDevops(`config show ${words}`.trim(), { cwd: folder, ...options });

test('without a file there is none, in words for people and as null for programs', async () => {
  expect(await show()).toEqual({ code: 0, stdout: 'config\tnone\tdefault\n', stderr: '' });
  expect(JSON.parse((await show('--json')).stdout)).toEqual([{ key: 'config', value: null, source: 'default' }]);
});

test('every value stands there with the place that it comes from, and what was filled in says so', async () => {
  writeFileSync(path, 'sysinfo:\n  skip: []\n  rules:\n    - { if: load5 > 8 for 15m, severity: warning }\n', {
    mode: 0o600,
  });
  expect((await show()).stdout.trimEnd().split('\n')).toEqual([
    `config\t${path}\tdefault`,
    `sysinfo.skip\t[]\t${path}:2:3`,
    `sysinfo.rules[0].if\tload5 > 8 for 15m\t${path}:4:9`,
    `sysinfo.rules[0].severity\twarning\t${path}:4:32`,
    'sysinfo.rules[0].allow_missing\tfalse\tdefault',
  ]);
});

test('who named the file is told: the option before the variable', async () => {
  writeFileSync(path, '', { mode: 0o600 });
  const elsewhere = { cwd: '/', env: { DEVOPS_CONFIG: path } };
  expect((await show('', elsewhere)).stdout).toBe(`config\t${path}\tenvironment DEVOPS_CONFIG\n`);
  const named = await show(`--config ${path}`, { cwd: '/', env: { DEVOPS_CONFIG: '/nonexistent' } });
  expect(named.stdout).toBe(`config\t${path}\t--config\n`);
});
