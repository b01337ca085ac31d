import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { replaceFile } from '../../../src/lib/files/replace-file.ts';

const isRoot = process.getuid?.() === 0;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-file-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function failureOf(action: () => void): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

test('a new file is private and nothing else is left in the folder', () => {
  const path = join(folder, 'state.json');
  replaceFile(path, '{"größe":1}\n');
  expect(readFileSync(path, 'utf8')).toBe('{"größe":1}\n');
  expect(statSync(path).mode & 0o7777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['state.json']);
});

test('the mode is the one asked for, whatever the umask and the old file say', () => {
  const path = join(folder, 'metrics.prom');
  writeFileSync(path, 'old', { mode: 0o600 });
  replaceFile(path, 'new', { mode: 0o666 });
  expect(statSync(path).mode & 0o7777).toBe(0o666);
});

test('bytes are written as they are, many of them too', () => {
  const path = join(folder, 'bytes');
  const bytes = new Uint8Array(5_000_000).map((_, index) => index % 251);
  replaceFile(path, bytes);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('the old file is replaced, not rewritten: who has it open still reads the old content', () => {
  const path = join(folder, 'file');
  writeFileSync(path, 'old');
  const before = statSync(path).ino;
  replaceFile(path, 'new');
  expect(statSync(path).ino).not.toBe(before);
  expect(readFileSync(path, 'utf8')).toBe('new');
});

test('a symbolic link stays and its target is replaced, through several links and relative ones', () => {
  mkdirSync(join(folder, 'disk'));
  mkdirSync(join(folder, 'links'));
  const target = join(folder, 'disk', 'target');
  writeFileSync(target, 'old');
  symlinkSync('../disk/target', join(folder, 'links', 'second'));
  symlinkSync('links/second', join(folder, 'first'));
  replaceFile(join(folder, 'first'), 'new');
  expect(readFileSync(target, 'utf8')).toBe('new');
  expect(readlinkSync(join(folder, 'first'))).toBe('links/second');
  expect(readdirSync(join(folder, 'disk'))).toEqual(['target']);
});

test('a link to a file that is not there yet makes that file', () => {
  symlinkSync('later', join(folder, 'link'));
  replaceFile(join(folder, 'link'), 'new');
  expect(readFileSync(join(folder, 'later'), 'utf8')).toBe('new');
  expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
});

test('links in a circle end with an error', () => {
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  expect(failureOf(() => replaceFile(join(folder, 'a'), 'x')).message).toContain('symbolic links');
});

test("a link that is not the folder owner's is not followed in a folder such as /tmp", () => {
  const target = join(folder, 'precious');
  writeFileSync(target, 'old');
  // Root gives a link away; others are not the owner of /tmp themselves.
  const shared = isRoot ? join(folder, 'shared') : '/tmp';
  const link = join(shared, `${basename(folder)}.xml`);
  if (isRoot) {
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
  }
  symlinkSync(target, link);
  try {
    if (isRoot) lchownSync(link, 65534, 65534);
    const failure = failureOf(() => replaceFile(link, 'new'));
    expect(failure.code).toBe('permission');
    expect(failure.message).toContain(`will not follow the link '${link}'`);
    expect(readFileSync(target, 'utf8')).toBe('old');
  } finally {
    rmSync(link);
  }
});

test("the folder owner's own link is followed there", () => {
  chmodSync(folder, 0o1777);
  writeFileSync(join(folder, 'target'), 'old');
  symlinkSync('target', join(folder, 'link'));
  replaceFile(join(folder, 'link'), 'new');
  expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('new');
});

test('devices, pipes and folders are refused and stay what they are', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const path of [pipe, '/dev/null', folder]) {
    expect(failureOf(() => replaceFile(path, 'x')).message).toMatch(/it is (a folder|not a regular file)$/);
  }
  expect(lstatSync(pipe).isFIFO()).toBe(true);
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('a missing folder, a file in the place of a folder and /proc are told with path, reason and hint', () => {
  const missing = failureOf(() => replaceFile(join(folder, 'none', 'file'), 'x'));
  expect(missing.message).toBe(`cannot write '${folder}/none/file': no such file or directory`);
  expect(missing.code).toBe('not-found');
  expect(missing.hints).toEqual([`make the folder first: mkdir -p '${folder}/none'`]);

  writeFileSync(join(folder, 'plain'), '');
  const below = failureOf(() => replaceFile(join(folder, 'plain', 'file'), 'x'));
  expect(below.message).toBe(`cannot write '${folder}/plain/file': not a directory`);
  expect(below.hints).toEqual([]);

  const proc = failureOf(() => replaceFile('/proc/devops-test', 'x'));
  expect(proc.message).toMatch(/^cannot write '\/proc\/devops-test': /);
});

test('a folder that we may not write into leaves the old file as it was', () => {
  const path = join(folder, 'file');
  // Modes do not stop root; a filesystem that is mounted read-only does.
  if (isRoot) execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  try {
    writeFileSync(path, 'old');
    if (isRoot) execFileSync('mount', ['-o', 'remount,ro', folder]);
    else chmodSync(folder, 0o500);
    const failure = failureOf(() => replaceFile(path, 'new'));
    expect(failure.code).toBe('permission');
    expect(failure.hints.join()).not.toContain('remove');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['file']);
  } finally {
    if (isRoot) execFileSync('umount', ['-l', folder]);
    else chmodSync(folder, 0o700);
  }
});

test('a full disk leaves the old file and no temporary one', ({ skip }) => {
  skip(!isRoot, 'only root can mount a small disk');
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  try {
    const path = join(disk, 'state');
    writeFileSync(path, 'old');
    const failure = failureOf(() => replaceFile(path, 'x'.repeat(100_000)));
    expect(failure.message).toBe(`cannot write '${path}': no space left on device`);
    expect(failure.hints[0]).toContain(`df -h '${disk}'`);
    expect(readdirSync(disk)).toEqual(['state']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
});

test('file and folder are synced around the rename', ({ skip }) => {
  const strace = ['/usr/bin/strace', '/bin/strace'].find((path) => statSync(path, { throwIfNoEntry: false }));
  skip(strace === undefined, 'strace is not here');
  const source = join(import.meta.dirname, '../../../src/lib/files/replace-file.ts');
  const script = `import { replaceFile } from ${JSON.stringify(source)}; replaceFile(${JSON.stringify(join(folder, 'file'))}, 'x');`;
  const log = join(folder, 'strace.log');
  const calls = 'trace=fsync,rename,renameat,renameat2';
  execFileSync(strace!, ['-f', '-e', calls, '-o', log, process.execPath, '--input-type=module', '-e', script]);
  const names = readFileSync(log, 'utf8').match(/fsync|rename/g);
  expect(names).toEqual(['fsync', 'rename', 'fsync']);
});
