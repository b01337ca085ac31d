import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isTooFresh } from '../../../src/lib/config/cache.ts';
import { loadConfig, type LoadConfigOptions, type LoadedConfig } from '../../../src/lib/config/load-config.ts';

let folder: string;
let path: string;
let cacheDirectory: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-cache-')));
  path = join(folder, 'devops.yaml');
  cacheDirectory = join(folder, 'cache');
  writeFileSync(path, 'sysinfo: { sample: 2s }\n', { mode: 0o600 });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A minute later: a file that was just written is not kept. */
const later = (): number => Date.now() + 60_000;

function options(more: Partial<LoadConfigOptions> = {}): LoadConfigOptions {
  return { env: {}, cwd: folder, uid: process.getuid!(), cacheDirectory, productVersion: '1.0.0', now: later, ...more };
}

function load(more: Partial<LoadConfigOptions> = {}): Promise<LoadedConfig> {
  return loadConfig(options(more));
}

function kept(): string {
  const [name] = readdirSync(cacheDirectory);
  return join(cacheDirectory, name!);
}

/** Makes what is kept differ from the file, so that it shows which of the two was read. */
function mark(): void {
  writeFileSync(kept(), readFileSync(kept(), 'utf8').replace('2s', '7s'));
}

function rewriteUnseen(): void {
  const { atime, mtime } = statSync(path);
  writeFileSync(path, readFileSync(path));
  utimesSync(path, atime, mtime);
}

function replaceByCopy(): void {
  writeFileSync(`${path}.new`, readFileSync(path), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function replaceByLink(file: string): void {
  renameSync(file, join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), file);
}

function replaceByFolder(file: string): void {
  rmSync(file);
  mkdirSync(file);
}

function replaceByPipe(file: string): void {
  rmSync(file);
  execFileSync('mkfifo', ['-m', '600', file]);
}

const fromFile = { config: { sysinfo: { sample: '2s' } } };
const fromCache = { config: { sysinfo: { sample: '7s' } } };

test('what was checked once is read from the cache, places included', async () => {
  await load();
  mark();
  const loaded = await load();
  expect(loaded).toMatchObject({ ...fromCache, path, origin: 'search' });
  expect(loaded.source('sysinfo.sample')).toEqual({ file: path, line: 1, column: 12 });
  expect(loaded.source('sysinfo.deadline')).toBe('default');
});

test('folder and file of the cache are private', async () => {
  await load();
  expect(statSync(cacheDirectory).mode & 0o777).toBe(0o700);
  expect(statSync(kept()).mode & 0o777).toBe(0o600);
});

describe('the file itself is read again when', () => {
  test.each<[string, () => void, Partial<LoadConfigOptions>]>([
    ['it was written', () => appendFileSync(path, '\n'), {}],
    ['it was written with the old length and the old time put back', rewriteUnseen, {}],
    ['another file took its place', replaceByCopy, {}],
    ['its mode changed', () => chmodSync(path, 0o400), {}],
    ['the product is another version', () => {}, { productVersion: '1.0.1' }],
    ['its rules were not checked before', () => {}, { loadCheckRule: () => Promise.resolve(() => {}) }],
    ['what is kept is cut off', () => writeFileSync(kept(), readFileSync(kept()).subarray(0, -5)), {}],
    ['what is kept is no object', () => writeFileSync(kept(), 'null'), {}],
    ['what is kept can be read by others', () => chmodSync(kept(), 0o644), {}],
    ['what is kept is a symbolic link', () => replaceByLink(kept()), {}],
    ['what is kept is a folder', () => replaceByFolder(kept()), {}],
    ['what is kept is a pipe', () => replaceByPipe(kept()), {}],
    ['others can write into the cache', () => chmodSync(cacheDirectory, 0o770), {}],
  ])('%s', async (_name, change, more) => {
    await load();
    mark();
    change();
    expect(await load(more)).toMatchObject(fromFile);
  });
});

test('a file that changed a moment ago is not kept, because a second change could not be seen', async () => {
  await load({ now: Date.now });
  expect(readdirSync(cacheDirectory)).toEqual([]);
  const stats = statSync(path, { bigint: true });
  expect(isTooFresh(stats, Number(stats.ctimeMs) + 2999)).toBe(true);
  expect(isTooFresh(stats, Number(stats.ctimeMs) + 3000)).toBe(false);
});

test('a file with a mistake is never kept', async () => {
  writeFileSync(path, 'sysinf: {}\n');
  await expect(load()).rejects.toThrow('unknown key');
  expect(readdirSync(cacheDirectory)).toEqual([]);
});

test('trust is asked for again, whatever is kept', async () => {
  await load();
  chmodSync(path, 0o622);
  await expect(load()).rejects.toThrow('everybody can write it');
});

test('two files are kept side by side', async () => {
  const other = join(folder, 'other.yaml');
  writeFileSync(other, 'sysinfo: { sample: 3s }\n', { mode: 0o600 });
  await load();
  await load({ explicitPath: other });
  expect(readdirSync(cacheDirectory)).toHaveLength(2);
  expect(await load({ explicitPath: other })).toMatchObject({ config: { sysinfo: { sample: '3s' } } });
});

test.each([
  ['is a file', () => writeFileSync(cacheDirectory, '')],
  ['is below a file', () => (cacheDirectory = join(path, 'cache'))],
  ['cannot be made', () => (cacheDirectory = '/sys/devops/cache')],
])('a cache that %s is no cache, silently', async (_name, prepare) => {
  prepare();
  expect(await load()).toMatchObject(fromFile);
  expect(await load()).toMatchObject(fromFile);
});

test('without a folder nothing is kept', async () => {
  expect(await load({ cacheDirectory: undefined })).toMatchObject(fromFile);
  expect(() => lstatSync(cacheDirectory)).toThrow('ENOENT');
});

test('a hit loads neither js-yaml nor zod', () => {
  const script = `
    const loaded = [];
    (await import('node:module')).registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { loadConfig } = await import(process.argv[1]);
    const started = performance.now();
    const { config } = await loadConfig({ ...JSON.parse(process.argv[2]), now: () => Date.now() + 60_000 });
    const milliseconds = performance.now() - started;
    const packages = ['js-yaml', 'zod'].filter((name) => loaded.some((url) => url.includes('/node_modules/' + name + '/')));
    console.log(JSON.stringify({ config, packages, milliseconds }));
  `;
  const module = new URL('../../../src/lib/config/load-config.ts', import.meta.url).href;
  const run = (): { packages: string[]; milliseconds: number } => {
    const settings = JSON.stringify(options());
    const argv = ['--input-type=module', '-e', script, module, settings];
    return JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8', env: {} }));
  };
  const miss = run();
  const hit = run();
  expect(miss).toMatchObject({ ...fromFile, packages: ['js-yaml', 'zod'] });
  expect(hit).toMatchObject({ ...fromFile, packages: [] });
  expect(hit.milliseconds).toBeLessThan(miss.milliseconds);
});
