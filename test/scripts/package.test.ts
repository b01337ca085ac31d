import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const checkout = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
const name = `devops-${version}-linux-${process.arch}`;

let folder: string;
/** The archive unpacked, in a path with spaces. */
let home: string;
let printed: string;
let archive: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'devops-package-test-'));
  const [first] = await Promise.all([buildPackage('first', '022'), buildPackage('second', '077')]);
  printed = first;
  archive = join(folder, 'first', `${name}.tar.gz`);
  mkdirSync(join(folder, 'a place with spaces'));
  home = join(folder, 'a place with spaces', name);
  await run('tar', ['-xzf', archive, '-C', join(folder, 'a place with spaces')]);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('the same checkout gives the same bytes, whatever the umask', () => {
  const [first, second] = ['first', 'second'].map((out) => sha256(join(folder, out, `${name}.tar.gz`)));
  expect(second).toBe(first);
});

test('times and owners in it are fixed', async () => {
  const { stdout } = await run('tar', ['--utc', '--numeric-owner', '-tvzf', archive]);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.filter((line) => !/^[-d]rw.r-.r-. 0\/0 +\d+ 1980-01-01 00:00 /.test(line))).toEqual([]);
});

test('path, size and sha256 are printed, and sha256sum confirms the sum beside the archive', async () => {
  const size = (statSync(archive).size / 1e6).toFixed(1);
  expect(printed).toBe(`${archive}\n${size} MB\nsha256 ${sha256(archive)}\n`);
  const { stdout } = await run('sha256sum', ['-c', `${name}.tar.gz.sha256`], { cwd: join(folder, 'first') });
  expect(stdout).toBe(`${name}.tar.gz: OK\n`);
});

test('every name stands below one folder: no absolute path, no sources, of node_modules ripgrep alone', async () => {
  const { stdout } = await run('tar', ['-tzf', archive]);
  const names = stdout.trimEnd().split('\n');
  expect(names.filter((path) => !path.startsWith(`${name}/`))).toEqual([]);
  expect(names.filter((path) => /(^|\/)(\.\.|src|test)(\/|$)|\.ts$/.test(path))).toEqual([]);
  const packages = names.filter((path) => path.includes('/node_modules/') && !path.endsWith('/'));
  const ripgrep = `${name}/node_modules/@vscode/ripgrep-linux-${process.arch}`;
  expect(packages).toEqual([`${ripgrep}/bin/rg`, `${ripgrep}/package.json`]);
});

test('nothing in it knows where it was built', () => {
  const texts = readdirSync(home, { recursive: true, encoding: 'utf8' })
    .map((path) => join(home, path))
    .filter((path) => statSync(path).isFile() && !path.endsWith('/libexec/node'));
  expect(texts.length).toBeGreaterThan(4);
  expect(texts.filter((path) => readFileSync(path, 'utf8').includes(checkout))).toEqual([]);
});

test('large logs are searched with the ripgrep that came with it', async () => {
  const log = join(folder, 'app.log');
  writeFileSync(log, `${'x'.repeat(1023)}\n`.repeat(1000) + 'needle\n');
  const words = ['logs-grep', '--engine', 'ripgrep', '-c', 'needle', log];
  expect((await run(join(home, 'devops'), words, { env: { PATH: '/nonexistent' } })).stdout).toBe('1\n');
});

test('the licences of Node and of the bundled packages are in it', () => {
  const licenses = readFileSync(join(home, 'THIRD-PARTY-LICENSES'), 'utf8');
  expect(licenses).toMatch(/^Node\.js v\d/m);
  expect(licenses).toMatch(/^commander \d.*\nLicence: MIT$/m);
  expect(licenses).not.toMatch(/^vitest /m);
});

test('package.json tells name and version only', () => {
  const identity = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  expect(identity).toEqual({ name: expect.any(String), version });
});

test('it runs with an empty environment', async () => {
  expect(await run('env', ['-i', join(home, 'devops'), '--version'])).toEqual(success(`${version}\n`));
});

test('it reports where there is no Node, from any folder', async () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  expect(existsSync(join(empty, 'node'))).toBe(false);
  const options = { cwd: empty, env: { PATH: empty } };
  const { code, stdout } = await run(join(home, 'devops'), ['sysinfo', '--json'], options);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty('schema', 'devops.sysinfo/1');
});

test('it starts through a link to a link, by a relative path, and as an argument of sh', async () => {
  const links = join(folder, 'my links');
  mkdirSync(links);
  symlinkSync('../a place with spaces', join(links, 'place'));
  symlinkSync(join('place', name, 'devops'), join(links, 'target'));
  symlinkSync('target', join(links, 'devops'));
  const told = success(`${version}\n`);
  const env = { PATH: '' };
  expect(await run(join(links, 'devops'), ['--version'], { env })).toEqual(told);
  expect(await run('./devops', ['--version'], { env, cwd: links })).toEqual(told);
  expect(await run('/bin/sh', ['devops', '--version'], { env, cwd: links })).toEqual(told);
  expect(await run('/bin/sh', ['devops', '--version'], { env, cwd: home })).toEqual(told);
});

test('arguments arrive exactly as they were typed', async () => {
  const copy = join(folder, 'copy');
  mkdirSync(join(copy, 'libexec'), { recursive: true });
  cpSync(join(home, 'devops'), join(copy, 'devops'));
  writeFileSync(join(copy, 'libexec/node'), '#!/bin/sh\nshift\nprintf "<%s>" "$@"\n', { mode: 0o755 });
  const typed = ['', 'a  b', '*', '$HOME', '--', '\'"\\', 'line\nbreak\n'];
  const { stdout } = await run(join(copy, 'devops'), typed, { env: { PATH: '' } });
  expect(stdout).toBe(typed.map((argument) => `<${argument}>`).join(''));
});

async function buildPackage(out: string, umask: string): Promise<string> {
  const script = `umask ${umask} && exec "$0" "$@"`;
  const command = [process.execPath, join(checkout, 'scripts/package.ts'), '--out', join(folder, out)];
  const { code, stdout, stderr } = await run('sh', ['-c', script, ...command], { env: { PATH: process.env['PATH'] } });
  if (code !== 0) throw new Error(`npm run package failed: ${stderr}`);
  return stdout;
}

interface Ended {
  code: number | string;
  stdout: string;
  stderr: string;
}

function success(stdout: string): Ended {
  return { code: 0, stdout, stderr: '' };
}

function run(program: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { ...options, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? 'killed'), stdout, stderr });
    });
  });
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
