import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DoctorCheck } from '../../src/lib/doctor/check.ts';
import { copyDevops } from '../support/copy-devops.ts';
import { bareEnvironment, node, start } from '../support/start-devops.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-doctor-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = () => ({
  ...bareEnvironment,
  CACHE_DIRECTORY: join(folder, 'cache'),
  STATE_DIRECTORY: join(folder, 'state'),
});

test('--as-cron: what runs for us and not under cron is told, with the line to write, and 1', async () => {
  const program = copyDevops(folder, { complete: true });
  const { exitCode, stdout, stderr } = await start(node, [program, 'doctor', '--as-cron', '--json'], { env: env() });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  const checks = JSON.parse(stdout) as DoctorCheck[];
  expect(checks.filter(({ environment }) => environment === 'here')).toHaveLength(17);
  const [failed, ...more] = checks.filter(({ environment }) => environment === 'cron');
  expect(more).toEqual([]);
  expect(failed).toMatchObject({ subject: 'devops', state: 'failed', path: program });
  expect(failed!.detail).toContain('No such file or directory');
  expect(failed!.hint).toBe(`write both paths into the crontab: ${realpathSync(node)} ${program}`);
});

test('--as-cron: the variables of this shell do not count there, and a configuration that is named does', async () => {
  const program = copyDevops(folder, { node: 'exec "$NODE" "$@"', complete: true });
  const path = join(folder, 'my.yaml');
  writeFileSync(path, 'sysinfo: { sample: 2s }\n', { mode: 0o600 });
  const words = ['doctor', '--as-cron', '--json', '--config', 'my.yaml'];
  const { exitCode, stdout, stderr } = await start(node, [program, ...words], { cwd: folder, env: env() });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const checks = JSON.parse(stdout) as DoctorCheck[];
  const found = (subject: string) => checks.filter((check) => check.subject === subject);
  expect(found('devops.yaml')).toMatchObject([
    { environment: 'here', state: 'ok', path },
    { environment: 'cron', state: 'ok', path },
  ]);
  const [here, cron] = found('state folder');
  expect(here!.path).toBe(join(folder, 'state'));
  expect(cron!.path).not.toBe(here!.path);
});
