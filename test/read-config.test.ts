import { existsSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../src/read-config.ts';
import { testRuntime, type TestRuntimeOptions } from './support/test-runtime.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-read-')));
  path = join(folder, 'devops.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(options: TestRuntimeOptions = {}, explicitPath?: string) {
  const env = { CACHE_DIRECTORY: join(folder, 'cache') };
  return readConfig(testRuntime({ cwd: folder, env, ...options }).runtime, explicitPath);
}

test('where there is none all is default, and no folder is made', async () => {
  expect(await read()).toMatchObject({ origin: 'search', config: {} });
  expect((await read()).source('sysinfo.sample')).toBe('default');
  expect(existsSync(join(folder, 'cache'))).toBe(false);
});

test('a named one that is not there is an error, not a default', async () => {
  await expect(read({}, path)).rejects.toMatchObject({ code: 'not-found' });
  await expect(read({ env: { DEVOPS_CONFIG: path } })).rejects.toMatchObject({ code: 'not-found' });
});

test('a link that leads in a circle is told as the reader tells it, not taken for none', async () => {
  symlinkSync('devops.yaml', path);
  await expect(read()).rejects.toThrow(`cannot read '${path}': too many symbolic links encountered`);
});

test('where there is one it is read, and the folder in which it is kept is ours alone', async () => {
  writeFileSync(path, 'sysinfo: { sample: 2s, rules: [{ if: load5 > 8 }] }\n', { mode: 0o600 });
  expect(await read()).toMatchObject({ path, config: { sysinfo: { sample: '2s' } } });
  expect(statSync(join(folder, 'cache')).mode & 0o777).toBe(0o700);
});

test('a rule that cannot be read is found here, before any command runs', async () => {
  writeFileSync(path, 'sysinfo: { rules: [{ if: lod5 > 8 }] }\n', { mode: 0o600 });
  await expect(read()).rejects.toMatchObject({ code: 'config', hints: [expect.stringContaining('load5')] });
});

test.each(['/proc/nonexistent', '/dev/null/x'])(
  'without a usable cache, as with %s, it is read all the same',
  async (cache) => {
    writeFileSync(path, 'sysinfo: { sample: 2s }\n', { mode: 0o600 });
    expect(await read({ env: { CACHE_DIRECTORY: cache } })).toMatchObject({
      path,
      config: { sysinfo: { sample: '2s' } },
    });
  },
);

test('in a folder that was deleted the other places still count', async () => {
  writeFileSync(path, 'sysinfo: { sample: 2s }\n', { mode: 0o600 });
  const { runtime } = testRuntime({ env: { DEVOPS_CONFIG: path } });
  expect(await readConfig({ ...runtime, cwd: () => undefined }, undefined)).toMatchObject({ path });
});
