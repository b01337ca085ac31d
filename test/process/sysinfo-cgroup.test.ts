import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, type TestContext } from 'vitest';
import type { SysinfoReport } from '../../src/lib/system/report.ts';
import { bin, node, startShell } from '../support/start-devops.ts';

const mebibyte = 2 ** 20;

/** A control group with this memory limit, of version 1 or 2; gone when the test ends. */
function memoryGroup({ skip }: TestContext, bytes: number): string {
  const v1 = '/sys/fs/cgroup/memory';
  const [parent, file] = existsSync(v1) ? [v1, 'memory.limit_in_bytes'] : ['/sys/fs/cgroup', 'memory.max'];
  const group = join(parent, `devops-test-${process.pid}-${bytes}`);
  try {
    mkdirSync(group);
    onTestFinished(() => rmdirSync(group));
    writeFileSync(join(group, file), String(bytes));
  } catch (error) {
    skip(`no control group can be made here: ${String(error)}`);
  }
  return group;
}

function inside(group: string, words: string, env: Record<string, string> = {}) {
  return startShell(`echo $$ > ${group}/cgroup.procs && exec ${node} ${bin} sysinfo ${words}`, { env });
}

test('in a group of 512 MiB the effective limit stands beside what the host has', async (context) => {
  const group = memoryGroup(context, 512 * mebibyte);
  const { stdout, stderr, exitCode } = await inside(group, '--json');
  expect([exitCode, stderr]).toEqual([0, '']);
  const { memory, cgroup } = JSON.parse(stdout) as SysinfoReport;
  expect(memory?.effective).toMatchObject({ total_bytes: 512 * mebibyte, limit_source: 'cgroup' });
  expect(memory!.effective.available_bytes).toBeLessThan(512 * mebibyte);
  expect(memory!.effective.available_bytes).toBeGreaterThan(200 * mebibyte);
  expect(memory!.total_bytes).toBeGreaterThan(1024 * mebibyte);
  expect(cgroup?.memory?.limit_bytes).toBe(512 * mebibyte);
  expect(cgroup!.memory!.current_bytes).toBeGreaterThan(5 * mebibyte);

  const env = { LANG: 'C.UTF-8' };
  const text = await inside(group, 'memory', env);
  expect(text.stdout).toMatch(/\n {2}memory {2}.* of [\d.]+ (?:GiB|TiB)(?: {2}.*)?\n/);
  expect(text.stdout).toMatch(/\n {2}cgroup {2}.* of 512 MiB limit {2}host [\d.]+ (?:GiB|TiB)\n/);
  const alone = await inside(group, 'cgroup', env);
  expect(alone.stdout).toMatch(/\n {2}cgroup {2}.* of 512 MiB limit\n/);
});

test('a rule about the effective memory judges by the group, not by the host', async (context) => {
  const group = memoryGroup(context, 300 * mebibyte);
  const { stdout, exitCode } = await inside(group, "memory --fail-if 'memory.effective_total < 400MiB' --json");
  const { rules } = JSON.parse(stdout) as SysinfoReport;
  expect([exitCode, rules[0]?.value]).toEqual([1, 300 * mebibyte]);
});
