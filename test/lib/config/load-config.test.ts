import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
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

test('the defaults without a file are those of an empty file', async () => {
  const path = write('empty.yaml', '');
  const withFile = await loadConfig(options({ explicitPath: path }));
  const without = await loadConfig(options({ cwd: join(folder, 'nowhere') }));
  // /etc/devops/devops.yaml of the machine, should there be one, would be found.
  if (without.path === undefined) expect(without.config).toEqual(withFile.config);
  expect(without.origin).toBe('search');
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
  const checkRule = (rule: string): never => {
    throw new UserError(`rule '${rule}': no comparison`, { hints: ['write a > 1'] });
  };
  const error = await failureOf(loadConfig(options({ checkRule })));
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

test('a file of somebody else is refused, one of root is not', async () => {
  const path = write('devops.yaml');
  const error = await failureOf(loadConfig(options({ uid: uid + 4711 })));
  if (uid === 0) {
    // The file is root's: trusted by everybody. Given away it is not, not even by root.
    expect(error.message).toBe('expected a UserError');
  }
  expect(error.message).toContain(`it belongs to user ${uid}, neither to us (user ${uid + 4711}) nor to root`);
  expect(error.hints).toEqual([`if you trust what it says: chown ${uid + 4711} '${path}'`]);
});
