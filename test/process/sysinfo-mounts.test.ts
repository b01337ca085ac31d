import { expect, test, type TestContext } from 'vitest';
import type { SysinfoReport } from '../../src/lib/system/report.ts';
import { type FuseMount, startFuseMount } from '../support/dead-mount.ts';
import { findOldestNode } from '../support/oldest-node.ts';
import { bin, node, start } from '../support/start-devops.ts';

async function fuseMount(context: TestContext, mode: 'dead' | 'frsize'): Promise<FuseMount> {
  const mount = await startFuseMount({ mode });
  return 'unavailable' in mount ? context.skip(mount.unavailable) : mount;
}

/** devops where the mount can be seen; that it answers at all means that its process could exit. */
function inside(mount: FuseMount, program: string, words: readonly string[]) {
  const [file, ...argv] = mount.inside([program, bin, 'sysinfo', ...words]);
  return start(file!, argv);
}

test('a dead mount is an error beside healthy others, and the run ends within the deadline and a second', async (context) => {
  const dead = await fuseMount(context, 'dead');
  try {
    // What the same run takes without it, on this machine and under its load.
    const measured = await start(node, [bin, 'sysinfo', '--deadline', '1s', '--json']);
    const usual = measured.durationMs;
    const { exitCode, stdout, durationMs } = await inside(dead, node, ['--deadline', '1s', '--json']);
    expect(exitCode).toBe(2);
    expect(durationMs).toBeLessThan(1000 + 1000 + usual);
    const report = JSON.parse(stdout) as SysinfoReport;
    expect(report.status).toBe('unknown');
    expect(report.took_ms).toBeLessThan(2000);
    expect(report.errors).toEqual([
      { section: 'disks', code: 'timeout', subject: dead.path, message: 'did not answer within 1s', required: true },
    ]);
    expect(report.disks?.find(({ mount }) => mount === dead.path)).toEqual({
      mount: dead.path,
      source: 'dead-fuse',
      fstype: 'fuse.test',
      read_only: false,
      error: { code: 'timeout', message: 'did not answer within 1s' },
    });
    expect(report.disks?.find(({ mount }) => mount === '/')?.size_bytes).toBeGreaterThan(0);
    expect(Object.keys(report)).toEqual(expect.arrayContaining(['os', 'cpu', 'memory', 'network', 'processes']));
  } finally {
    await dead.stop();
  }
});

test('off a terminal the dead mount is all there is to read, and rules about others still fire', async (context) => {
  const dead = await fuseMount(context, 'dead');
  try {
    const words = ['--deadline', '300ms', '--fail-if', 'disk.used_pct{mount="/"} >= 0'];
    const { exitCode, stdout } = await inside(dead, node, words);
    expect(exitCode).toBe(2);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^critical: disk\.used_pct\{mount="\/"\}: [\d.]+ %, limit >= 0 %$/);
    expect(lines[1]).toBe(`unknown: disks ${dead.path}: did not answer within 0.3s`);
    const nagios = await inside(dead, node, [...words, '-o', 'nagios']);
    expect([nagios.exitCode, nagios.stdout.slice(0, 18)]).toEqual([2, 'SYSINFO CRITICAL -']);
  } finally {
    await dead.stop();
  }
});

test('the size of a filesystem with another f_frsize is right on every Node', async (context) => {
  const oldest = await findOldestNode();
  const mount = await fuseMount(context, 'frsize');
  try {
    const expected = {
      size_bytes: 4_096_000_000,
      free_bytes: 1_638_400_000,
      available_bytes: 1_228_800_000,
      inodes: 1000,
      inodes_free: 900,
    };
    for (const program of typeof oldest === 'string' ? [node, oldest] : [node]) {
      const { stdout, stderr, exitCode } = await inside(mount, program, ['disks', '--deadline', '10s', '--json']);
      expect([program, exitCode, stderr]).toEqual([program, 0, '']);
      const { disks } = JSON.parse(stdout) as SysinfoReport;
      expect(disks?.find((disk) => disk.mount === mount.path)).toMatchObject(expected);
    }
  } finally {
    await mount.stop();
  }
  if (typeof oldest !== 'string') context.skip(oldest.unavailable);
}, 90_000);
