import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findProblems, loadConfig, type LoadConfigOptions } from '../../../src/lib/config/load-config.ts';
import { UserError } from '../../../src/lib/errors/user-error.ts';

let folder: string;
const uid = process.getuid!();

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-config-')));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function options(more: Partial<LoadConfigOptions> = {}): LoadConfigOptions {
  return { env: {}, cwd: folder, uid, productVersion: '1.0.0', ...more };
}

function write(name: string, content: string | Uint8Array = 'sysinfo: { sample: 2s }\n', mode = 0o600): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

async function failureOf(promise: Promise<unknown>): Promise<UserError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw new Error('expected a UserError', { cause: error });
}

function refuseRule(rule: string): void {
  throw new UserError(`rule '${rule}': no comparison`, { hints: ['write a > 1'] });
}

const named = (path: string, more: Partial<LoadConfigOptions> = {}): Promise<unknown> =>
  loadConfig(options({ explicitPath: path, ...more }));

test('the first file that is there is read, and no other', async () => {
  const home = join(folder, 'home');
  const inHome = write('home/.config/devops/devops.yaml', 'sysinfo: { deadline: 9s }\n');
  const first = await loadConfig(options({ homeDirectory: home }));
  expect(first).toMatchObject({ path: inHome, origin: 'search', config: { sysinfo: { deadline: '9s' } } });
  const here = write('devops.yaml');
  const second = await loadConfig(options({ homeDirectory: home }));
  expect(second).toMatchObject({ path: here, config: { sysinfo: { sample: '2s' } } });
  expect(second.config.sysinfo).not.toHaveProperty('deadline');
});

test('every value knows its line, and a default says so', async () => {
  const path = write('devops.yaml', 'sysinfo:\n  sample: 2s\n  rules:\n    - if: a > 1\n');
  const { source } = await loadConfig(options());
  expect(source('sysinfo.sample')).toEqual({ file: path, line: 2, column: 3 });
  expect(source('sysinfo.rules[0].if')).toEqual({ file: path, line: 4, column: 7 });
  expect(source('sysinfo.rules[0].severity')).toBe('default');
  expect(source('constructor')).toBe('default');
});

test('a file that says nothing is all defaults', async () => {
  for (const content of ['', '\n', '# nothing\n', '\uFEFF', '---\n', 'null\n']) {
    const path = write('devops.yaml', content);
    expect(await loadConfig(options())).toMatchObject({ path, config: {} });
  }
});

test('a named file that is not there is an error', async () => {
  const path = join(folder, 'gone.yaml');
  const error = await failureOf(named(path));
  expect(error.message).toBe(`cannot read '${path}': no such file or directory`);
  expect(error.code).toBe('not-found');
  const fromEnvironment = await failureOf(loadConfig(options({ env: { DEVOPS_CONFIG: 'gone.yaml' } })));
  expect(fromEnvironment.message).toContain(`the configuration that $DEVOPS_CONFIG names, '${path}'`);
});

test('the first mistake is thrown with its place, and the number of the others', async () => {
  const path = write('devops.yaml', 'sysinfo:\n  sample: 2\n  dedline: 2s\n  skip: cpu\n');
  const error = await failureOf(loadConfig(options()));
  expect(error.code).toBe('config');
  expect(error.message).toMatch(new RegExp(`^${path}:2:11: sysinfo.sample: found the number 2, expected a duration`));
  expect(error.hints).toEqual([`2 more mistakes: devops config check --config '${path}'`]);
  const { problems } = await findProblems(options());
  expect(problems.map(({ path: key }) => key)).toEqual(['sysinfo.sample', 'sysinfo.dedline', 'sysinfo.skip']);
});

test('a rule is read by the checker that was given', async () => {
  write('devops.yaml', 'sysinfo:\n  rules:\n    - if: nonsense\n');
  expect(await loadConfig(options())).toMatchObject({ config: { sysinfo: { rules: [{ if: 'nonsense' }] } } });
  const error = await failureOf(loadConfig(options({ loadCheckRule: () => Promise.resolve(refuseRule) })));
  expect(error.message).toMatch(/:3:11: sysinfo\.rules\[0\]\.if: rule 'nonsense': no comparison$/);
  expect(error.hints).toEqual(['write a > 1']);
});

test.each([
  [0o620, 'its group can write it (mode 0620)'],
  [0o602, 'everybody can write it (mode 0602)'],
  [0o666, 'everybody can write it (mode 0666)'],
])('a file of mode %o is refused', async (mode, reason) => {
  const path = write('devops.yaml', '', mode);
  const error = await failureOf(loadConfig(options()));
  expect(error.message).toBe(`will not use the configuration '${path}': ${reason}`);
  expect(error.code).toBe('permission');
  expect(error.hints).toEqual([`take that away: chmod go-w '${path}'`]);
});

test('a file in a folder that everybody can write is refused, with the sticky bit it is not', async () => {
  const path = write('open/devops.yaml');
  const open = join(folder, 'open');
  chmodSync(open, 0o777);
  const error = await failureOf(loadConfig(options({ cwd: open })));
  expect(error.message).toContain(`'${path}': everybody can replace files in '${open}' (mode 0777)`);
  expect(error.hints).toEqual([`take that away: chmod o-w '${open}'`]);
  chmodSync(open, 0o1777);
  expect(await loadConfig(options({ cwd: open }))).toMatchObject({ path });
});

test('behind a symbolic link, the file and its own folder are judged', async () => {
  const target = write('open/target.yaml', '', 0o666);
  symlinkSync(target, join(folder, 'devops.yaml'));
  expect((await failureOf(loadConfig(options()))).message).toContain('everybody can write it (mode 0666)');
  chmodSync(target, 0o600);
  chmodSync(join(folder, 'open'), 0o777);
  expect((await failureOf(loadConfig(options()))).message).toContain('everybody can replace files');
});

test('what is no regular file is refused at once, also a pipe that nobody writes to', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect((await failureOf(named(pipe))).message).toBe(`cannot read '${pipe}': it is not a regular file`);
  expect((await failureOf(named(folder))).message).toBe(`cannot read '${folder}': it is a folder`);
  expect((await failureOf(named('/dev/zero'))).message).toBe("cannot read '/dev/zero': it is not a regular file");
  const socket = join(folder, 'socket');
  const server = createServer();
  await new Promise<void>((listening) => void server.listen(socket, listening));
  expect((await failureOf(named(socket))).message).toBe(`cannot read '${socket}': no such device or address`);
  await new Promise((closed) => void server.close(closed));
});

test('links in a circle are an error in one line', async () => {
  symlinkSync('devops.yaml', join(folder, 'devops.yaml'));
  const error = await failureOf(loadConfig(options()));
  expect(error.message).toBe(`cannot read '${join(folder, 'devops.yaml')}': too many symbolic links encountered`);
});

test('a file that cannot be read to its end is an error', async () => {
  // The first page of a process is never mapped, so that reading there fails.
  expect((await failureOf(named('/proc/self/mem'))).message).toBe("cannot read '/proc/self/mem': i/o error");
});

test('1 MiB is read, one byte more is refused, however large', async () => {
  const path = write('devops.yaml', `#${' '.repeat(1024 * 1024 - 1)}`);
  expect(await loadConfig(options())).toMatchObject({ config: {} });
  for (const size of [1024 * 1024 + 1, 1024 ** 4]) {
    truncateSync(path, size);
    expect((await failureOf(loadConfig(options()))).message).toBe(`cannot read '${path}': it is larger than 1.00 MiB`);
  }
});

test.each([
  ['Latin-1', Buffer.from('# caf\u00E9\n', 'latin1'), '1:6: byte 0xe9 at offset 5'],
  ['UTF-16', Buffer.from('\uFEFFsysinfo:', 'utf16le'), '1:1: byte 0xff at offset 0'],
  ['cut inside of a character', Buffer.from('a: 1\n# \u20AC').subarray(0, -1), '2:3: byte 0xe2 at offset 7'],
  ['a surrogate in UTF-8', Buffer.from([0x61, 0xed, 0xa0, 0x80]), '1:2: byte 0xed at offset 1'],
  ['behind a byte order mark', Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff]), '1:2: byte 0xff at offset 4'],
])('bytes that are not UTF-8 are placed: %s', async (_name, bytes, place) => {
  const path = write('devops.yaml', bytes);
  const error = await failureOf(loadConfig(options()));
  expect(error.message).toBe(`${path}:${place} is not UTF-8`);
  expect(error.hints).toEqual(['save the file as UTF-8, for instance with iconv -t UTF-8']);
});

test('a byte order mark does not move the columns', async () => {
  const path = write('devops.yaml', '\uFEFFsysinf: 1\n');
  expect((await failureOf(loadConfig(options()))).message).toContain(`${path}:1:1: sysinf: found an unknown key`);
});
