import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { disksSection, spaceOf } from '../../../src/lib/system/disks.ts';
import type { DisksOptions } from '../../../src/lib/system/disks.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';
import type { Disk } from '../../../src/lib/system/report-storage.ts';
import type { SectionError } from '../../../src/lib/system/report.ts';
import { startFuseMount } from '../../support/dead-mount.ts';
import type { FuseMount } from '../../support/dead-mount.ts';

const run = promisify(execFile);
const realPath = '/usr/sbin:/usr/bin:/sbin:/bin';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'disks-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function ask(root = '', options: Partial<DisksOptions> = {}) {
  const probe = createProbe(root);
  const signal = new AbortController().signal;
  const disks = disksSection(probe, { env: { PATH: realPath }, signal, timeoutSeconds: 10, ...options });
  return { probe, disks };
}

/** A folder that holds a mount table and the folders of its mounts, and a `stat` that does as the script says. */
function fakeMounts(mounts: string[], script: string): { root: string; env: { PATH: string } } {
  const root = mkdtempSync(join(folder, 'root-'));
  mkdirSync(join(root, 'proc/self'), { recursive: true });
  const lines = mounts.map((mount, index) => `${index + 2} 1 0:${index + 50} / ${mount} rw - fuse.test source rw\n`);
  writeFileSync(join(root, 'proc/self/mountinfo'), lines.join(''));
  writeFileSync(join(root, 'stat'), `#!/bin/sh\nROOT=${root}\nfor MOUNT; do :; done\n${script}\n`);
  chmodSync(join(root, 'stat'), 0o755);
  return { root, env: { PATH: `${root}:${realPath}` } };
}

interface DfRow {
  size: number;
  used: number;
  available: number;
  percent: string;
  inodes: number;
  inodesFree: number;
  inodesPercent: string;
}

async function df(path?: string, inside?: FuseMount): Promise<Map<string, DfRow>> {
  const env = { PATH: realPath, LC_ALL: 'C' };
  const fields = 'size,used,avail,pcent,itotal,iavail,ipcent,target';
  const argv = ['df', '-B1', `--output=${fields}`, ...(path === undefined ? [] : [path])];
  const [program, ...words] = inside === undefined ? argv : inside.inside(argv);
  const { stdout } = await run(program!, words, { env, timeout: 20_000 });
  const rows = stdout.trimEnd().split('\n').slice(1);
  return new Map(
    rows.map((row) => {
      const [size, used, available, usedPercent, inodes, inodesFree, inodesPercent, ...target] = row.trim().split(/ +/);
      const numbers = { size: Number(size), used: Number(used), available: Number(available) };
      const inodeNumbers = { inodes: Number(inodes), inodesFree: Number(inodesFree) };
      return [
        target.join(' '),
        { ...numbers, ...inodeNumbers, percent: usedPercent!, inodesPercent: inodesPercent! },
      ] as const;
    }),
  );
}

function percent(value: number | undefined): string {
  return value === undefined ? '-' : `${Math.ceil(value)}%`;
}

function asDf(disk: Disk): DfRow {
  return {
    size: disk.size_bytes!,
    used: disk.used_bytes!,
    available: disk.available_bytes!,
    inodes: disk.inodes ?? 0,
    inodesFree: disk.inodes_free ?? 0,
    percent: percent(disk.used_pct),
    inodesPercent: percent(disk.inodes_used_pct),
  };
}

/** A tmpfs of this test alone, so that its numbers stand still; where mounting is not allowed, a test is skipped. */
async function mountTmpfs(context: TestContext, path: string, options: string): Promise<void> {
  mkdirSync(path, { recursive: true });
  try {
    await run('mount', ['-t', 'tmpfs', '-o', options, 'disks-test', path]);
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    context.skip(`no tmpfs can be mounted here: ${String(error)}`);
  }
}

async function fuseMount(context: TestContext, mode: 'dead' | 'frsize'): Promise<FuseMount> {
  const mount = await startFuseMount({ mode });
  return 'unavailable' in mount ? context.skip(mount.unavailable) : mount;
}

/** Without the mounts that other tests make and take away. */
function isOurs(mount: string | undefined): boolean {
  return mount?.startsWith(tmpdir()) !== true;
}

test('the mounts of this machine are those of df, with its sizes and inodes', async () => {
  const { probe, disks } = ask('', { timeoutSeconds: 3 });
  const ours = new Map((await disks).map((disk) => [disk.mount, disk]));
  // What lies below these belongs to the kernel or a container engine.
  const theirs = [...(await df())].filter(
    ([mount]) => isOurs(mount) && !/^\/(?:proc|sys|var\/lib\/docker)\//.test(mount),
  );
  expect(probe.errors.filter(({ subject }) => isOurs(subject))).toEqual([]);
  expect(theirs.length).toBeGreaterThan(0);
  expect(theirs.filter(([mount]) => !ours.has(mount))).toEqual([]);
  for (const [mount, row] of theirs) {
    const disk = asDf(ours.get(mount)!);
    expect(disk).toMatchObject({ size: row.size, inodes: row.inodes });
    // Others write to it meanwhile.
    expect(Math.abs(disk.used - row.used) / row.size).toBeLessThan(0.02);
    expect(Math.abs(disk.available - row.available) / row.size).toBeLessThan(0.02);
  }
});

test('a mount of our own, strangely called, has to the byte the numbers of df', async (context) => {
  const path = join(folder, 'white  space größe \\ #');
  await mountTmpfs(context, path, 'size=1m,nr_inodes=64');
  try {
    writeFileSync(join(path, 'file'), Buffer.alloc(345_678));
    const [disk] = await ask('', { only: [path] }).disks;
    expect(disk).toMatchObject({ mount: path, fstype: 'tmpfs', source: 'disks-test', read_only: false });
    expect(asDf(disk!)).toEqual([...(await df(path)).values()][0]);
    await run('mount', ['-o', 'remount,ro', path]);
    expect((await ask('', { only: [path] }).disks)[0]).toMatchObject({ read_only: true });
  } finally {
    await run('umount', [path]);
  }
});

test('a newline in the name of a mount is part of its name', async (context) => {
  const path = join(folder, 'two\nlines');
  await mountTmpfs(context, path, 'size=64k');
  try {
    const { probe, disks } = ask('', { timeoutSeconds: 3 });
    expect((await disks).find((disk) => disk.mount === path)).toMatchObject({ size_bytes: 65_536 });
    expect(probe.errors.filter(({ subject }) => subject === path)).toEqual([]);
  } finally {
    await run('umount', [path]);
  }
});

interface Answer {
  disks: Disk[];
  errors: SectionError[];
  milliseconds: number;
}

/** disksSection in a process of its own, which sees the mount. */
async function askInside(mount: FuseMount, options: { timeoutSeconds: number; only?: string[] }): Promise<Answer> {
  const source = join(import.meta.dirname, '../../../src/lib/system');
  const script = `
    const { disksSection } = await import(${JSON.stringify(join(source, 'disks.ts'))});
    const { createProbe } = await import(${JSON.stringify(join(source, 'probe.ts'))});
    const probe = createProbe();
    const signal = new AbortController().signal;
    const started = performance.now();
    const disks = await disksSection(probe, { env: process.env, signal, ...${JSON.stringify(options)} });
    console.log(JSON.stringify({ disks, errors: probe.errors, milliseconds: performance.now() - started }));`;
  const [program, ...words] = mount.inside([process.execPath, '--input-type=module', '-e', script]);
  const { stdout } = await run(program!, words, { timeout: 20_000 });
  return JSON.parse(stdout) as Answer;
}

test('a dead mount is an error of its own, all others are right, and the process that met it can exit', async (context) => {
  const dead = await fuseMount(context, 'dead');
  try {
    const { disks, errors, milliseconds } = await askInside(dead, { timeoutSeconds: 0.5 });
    expect(milliseconds).toBeLessThan(5000);
    expect(disks.find((disk) => disk.mount === dead.path)).toEqual({
      mount: dead.path,
      source: 'dead-fuse',
      fstype: 'fuse.test',
      read_only: false,
      error: { code: 'timeout', message: 'did not answer within 0.5s' },
    });
    expect(errors.filter(({ subject }) => subject === dead.path)).toMatchObject([
      { section: 'disks', code: 'timeout', subject: dead.path, message: 'did not answer within 0.5s' },
    ]);
    expect(disks.find((disk) => disk.mount === '/')?.size_bytes).toBeGreaterThan(0);
    expect(await askInside(dead, { timeoutSeconds: 5, only: ['/'] })).toMatchObject({ disks: [{}], errors: [] });
  } finally {
    await dead.stop();
  }
});

test('sizes are counted in f_frsize, not in f_bsize', async (context) => {
  const mount = await fuseMount(context, 'frsize');
  try {
    const { disks } = await askInside(mount, { timeoutSeconds: 10, only: [mount.path] });
    expect(disks[0]).toMatchObject({
      size_bytes: 4_096_000_000,
      free_bytes: 1_638_400_000,
      available_bytes: 1_228_800_000,
      inodes: 1000,
      inodes_free: 900,
    });
    expect(asDf(disks[0]!)).toEqual([...(await df(mount.path, mount)).values()][0]);
  } finally {
    await mount.stop();
  }
});

test('a mount that we may not enter is an error of permission', async () => {
  // root may enter everything, so it asks as nobody.
  const asNobody = process.getuid?.() === 0 ? 'setpriv --reuid=65534 --clear-groups' : '';
  const { root, env } = fakeMounts(['/locked/mount'], `exec ${asNobody} /usr/bin/stat "$@"`);
  mkdirSync(join(root, 'locked/mount'), { recursive: true });
  chmodSync(join(root, 'locked'), 0);
  const { probe, disks } = ask(root, { env });
  const error = { code: 'permission', message: 'Permission denied' };
  expect(await disks).toMatchObject([{ mount: '/locked/mount', error }]);
  expect(probe.errors).toMatchObject([{ section: 'disks', subject: '/locked/mount', ...error }]);
  chmodSync(join(root, 'locked'), 0o700);
});

test('many mounts are asked at once, but never more than eight', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `/mount-${index}`);
  const script = 'touch "$ROOT/busy-$$"; ls "$ROOT" | grep -c busy >>"$ROOT/counts"; sleep 0.1; rm "$ROOT/busy-$$"\n';
  const { root, env } = fakeMounts(names, `${script}echo 1024 \${MOUNT##*-}00 50 50 0 0`.replace('00 50', '00 0'));
  const { probe, disks } = ask(root, { env });
  const found = await disks;
  expect(probe.errors).toEqual([]);
  // Mount 0 has no blocks at all, and is left out as df leaves it out.
  expect(found.map((disk) => [disk.mount, disk.size_bytes])).toEqual(
    names.slice(1).map((name, index) => [name, (index + 1) * 102_400]),
  );
  const counts = readFileSync(join(root, 'counts'), 'utf8').trim().split('\n').map(Number);
  expect(Math.max(...counts)).toBeGreaterThan(1);
  expect(Math.max(...counts)).toBeLessThanOrEqual(8);
});

test('a mount that is gone when it is asked is no disk, and one that is not gone is an error', async () => {
  const script = 'test "$MOUNT" = "$ROOT/gone" && sed -i /gone/d "$ROOT/proc/self/mountinfo"\n';
  const { root, env } = fakeMounts(
    ['/gone', '/there'],
    `${script}echo "stat: $MOUNT: No such file or directory" >&2; exit 1`,
  );
  const { probe, disks } = ask(root, { env });
  expect((await disks).map((disk) => [disk.mount, disk.error?.code])).toEqual([['/there', 'failed']]);
  expect(probe.errors.map((error) => error.subject)).toEqual(['/there']);
  const again = fakeMounts(['/gone'], `${script}echo "stat: $MOUNT: No such file or directory" >&2; exit 1`);
  expect(await ask(again.root, { env: again.env, only: ['/gone'] }).disks).toMatchObject([{ error: {} }]);
});

test('a local filesystem that fails is an error beside the others', async () => {
  const { root, env } = fakeMounts([], 'exit 1');
  const lines = ['/file/below', '/proc'].map((path, n) => `${n + 2} 1 0:${n} / ${path} rw - tmpfs t rw`);
  writeFileSync(join(root, 'proc/self/mountinfo'), lines.join('\n'));
  writeFileSync(join(root, 'file'), '');
  const { probe, disks } = ask(root, { env });
  const found = await disks;
  expect(found[0]).toMatchObject({ mount: '/file/below', error: { code: 'failed' } });
  expect(found[1]?.size_bytes).toBeGreaterThan(0);
  expect(probe.errors).toHaveLength(1);
});

test('a chosen mount that is not there is an error, never left out', async () => {
  const { probe, disks } = ask('', { only: ['/', '/no/such/mount'] });
  expect(await disks).toHaveLength(1);
  expect(probe.errors).toMatchObject([{ section: 'disks', code: 'failed', subject: '/no/such/mount' }]);
});

test('without a mount table there are no disks, and an error says so', async () => {
  const { probe, disks } = ask(join(folder, 'nothing-here'));
  expect(await disks).toEqual([]);
  expect(probe.errors).toMatchObject([{ section: 'disks', subject: '/proc/self/mountinfo' }]);
  expect(existsSync(join(folder, 'nothing-here'))).toBe(false);
});

const counts = { unit: 4096, blocks: 1000, free: 400, available: 300, inodes: 100, inodesFree: 25 };

test('the percentage is that of df: what root alone may use counts for neither side', () => {
  expect(spaceOf(counts)).toEqual({
    size_bytes: 4_096_000,
    free_bytes: 1_638_400,
    available_bytes: 1_228_800,
    used_bytes: 2_457_600,
    used_pct: (600 / 900) * 100,
    inodes: 100,
    inodes_free: 25,
    inodes_used_pct: 75,
  });
});

test('nothing is available where the reserve is in use already', () => {
  expect(spaceOf({ ...counts, available: -5 })).toMatchObject({ available_bytes: 0, used_pct: 100 });
  expect(spaceOf({ ...counts, available: 2 ** 64 - 20_480 })).toMatchObject({ available_bytes: 0, used_pct: 100 });
});

test.each([
  ['0 of 0', 0, 0],
  ['-1', -1, -1],
  ['2^64 - 1', 2 ** 64, 2 ** 64],
])('a filesystem that does not count its inodes, with %s, has none in the record', (_, inodes, inodesFree) => {
  expect(Object.keys(spaceOf({ ...counts, inodes, inodesFree }))).not.toContain('inodes');
});

test('a filesystem without any space has no percentage', () => {
  expect(spaceOf({ ...counts, blocks: 0, free: 0, available: 0 })).not.toHaveProperty('used_pct');
});

test('numbers that cannot be true are refused', () => {
  expect(() => spaceOf({ ...counts, free: 1001 })).toThrow('1001 of 1000 blocks are free');
  expect(() => spaceOf({ ...counts, blocks: -1 })).toThrow(SyntaxError);
});
