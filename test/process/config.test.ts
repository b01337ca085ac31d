import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bareEnvironment, bin, node, start } from '../support/start-devops.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-config-')));
  path = join(folder, 'devops.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = () => ({
  ...bareEnvironment,
  CACHE_DIRECTORY: join(folder, 'cache'),
  XDG_CACHE_HOME: join(folder, 'cache'),
});

/** As a process whose rights the modes of files decide, also when the tests run as root. */
function devops(...words: string[]) {
  const line = [node, bin, ...words];
  if (process.getuid!() === 0) line.unshift('setpriv', '--bounding-set', '-dac_override,-dac_read_search');
  return start(line[0]!, line.slice(1), { cwd: folder, env: env() });
}

test.each([
  ['sysinfo', 'os'],
  ['config', 'show'],
  ['config', 'check'],
])('a devops.yaml that we may not read is one line and 2, never taken for none: %s %s', async (...words) => {
  writeFileSync(path, '', { mode: 0 });
  const { exitCode, stdout, stderr } = await devops(...words);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toBe(`devops: error: cannot read '${path}': permission denied\n`);
});

test('every mistake of a file, and 2; without one 0', async () => {
  writeFileSync(path, 'sysinfo:\n  sample: 2\n  skip: cpu\n', { mode: 0o600 });
  const bad = await devops('config', 'check');
  expect({ exitCode: bad.exitCode, stderr: bad.stderr }).toEqual({ exitCode: 2, stderr: '' });
  expect(bad.stdout.match(new RegExp(`^${path}:\\d+:\\d+: `, 'gm'))).toHaveLength(2);
  writeFileSync(path, 'sysinfo: { sample: 2s }\n', { mode: 0o600 });
  expect(await devops('config', 'check')).toMatchObject({
    exitCode: 0,
    stdout: `ok: ${path}: no mistakes\n`,
    stderr: '',
  });
});
