import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type SectionName, sectionNames, type SysinfoReport } from '../../src/lib/system/report.ts';
import { requireProgram } from '../support/services.ts';
import { bareEnvironment, bin, node, start, startShell } from '../support/start-devops.ts';

const strace = requireProgram('strace', 'that sysinfo starts no process is not proven');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-sysinfo-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function told(report: SysinfoReport): SectionName[] {
  const absent = report.unavailable.map(({ section }) => section);
  return sectionNames.filter((name) => Object.hasOwn(report, name) || absent.includes(name));
}

const usual = sectionNames.filter((name) => name !== 'hardware');

test.each(['env -i', 'env -i HOME=', 'env -i HOME=/nonexistent', 'env -i PATH=/nonexistent', 'env -i LANG=xx_YY'])(
  'with %s the report is complete',
  async (env) => {
    const { exitCode, stdout, stderr } = await startShell(`${env} $DEVOPS sysinfo --json`);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(told(JSON.parse(stdout))).toEqual(usual);
  },
);

test('where the locale is not UTF-8 all that it prints is ASCII', async () => {
  for (const line of ['sysinfo', 'sysinfo --fail-if "disk.used_pct>=0"', 'sysinfo --help', 'sysinfo diskz']) {
    const { stdout, stderr } = await startShell(`$DEVOPS ${line}`, { env: { LC_ALL: 'C' } });
    expect(stdout + stderr, line).toMatch(/^[\n -~]+$/);
  }
});

test('with stdin closed it reports, with stdout closed or full it says so in one line', async () => {
  expect(await startShell('$DEVOPS sysinfo memory <&-')).toMatchObject({ exitCode: 0, stderr: '' });
  const closed = await startShell('$DEVOPS sysinfo memory >&-');
  expect(closed.stderr.split('\n').length).toBeLessThanOrEqual(2);
  expect([0, 2]).toContain(closed.exitCode);
  const full = await startShell('$DEVOPS sysinfo memory > /dev/full');
  expect(full).toMatchObject({
    exitCode: 2,
    stderr: 'devops: error: cannot write to standard output: no space left on device\n',
  });
});

test('a reader that has seen enough ends it with 0', async () => {
  const { stdout, stderr } = await startShell(
    '$DEVOPS sysinfo --watch --interval 100ms | head -2 | wc -l; echo "${PIPESTATUS[0]}"',
  );
  expect([stdout, stderr]).toEqual(['2\n0\n', '']);
});

test('where all can be read from the kernel, no process is started', async ({ skip }) => {
  const log = join(folder, 'execs');
  const argv = ['-f', '-qq', '-e', 'trace=execve', '-o', log, node, bin, 'sysinfo', '--json'];
  const traced = await start(strace!, argv, { env: bareEnvironment });
  if (/ptrace|PTRACE/.test(traced.stderr)) skip(`strace may not trace here: ${traced.stderr}`);
  expect([traced.exitCode, traced.stderr]).toEqual([0, '']);
  const started = [...readFileSync(log, 'utf8').matchAll(/execve\("[^"]*?([^/"]+)"/g)].map((match) => match[1]);
  // systemctl belongs to a machine with systemd, stat to mounts that are not local.
  const { disks = [] } = JSON.parse(traced.stdout) as SysinfoReport;
  const remote = disks.some(
    ({ fstype }) => !/^(?:ext[234]|xfs|btrfs|zfs|f2fs|(?:dev)?tmpfs|vfat|overlay)$/.test(fstype),
  );
  const allowed = [...(existsSync('/run/systemd/system') ? ['systemctl'] : []), ...(remote ? ['stat'] : [])];
  expect(started.filter((name) => !allowed.includes(name!))).toEqual(['node']);
});

/** Ends the whole process group of a shell that we started. */
async function startGroup(script: string): Promise<void> {
  const child = spawn('bash', ['--norc', '-c', script], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    process.kill(-child.pid!, 'SIGKILL');
    await closed;
  });
  await once(child.stdout, 'data');
}

test('processes with odd names are counted right and shown harmlessly', async () => {
  const names = ['a) R 9 (b c', '\u001b[2J\u001b[H', 'two\nlines', '((((', 'x y'];
  const renamed = names.map(
    (name) => `(printf '%b' '${JSON.stringify(name).slice(1, -1)}' > /proc/$BASHPID/comm; read) &`,
  );
  await startGroup(
    `exec 3<&0; ${renamed.map((line) => line.replace('read', 'read <&3')).join('\n')} sleep 0.3; echo ready; read`,
  );
  const { stdout } = await start(node, [bin, 'sysinfo', 'processes', '--top', '9999', '--json']);
  const { processes } = JSON.parse(stdout) as SysinfoReport;
  const shown = new Set(processes?.top_memory.map(({ name }) => name));
  expect([...shown]).toEqual(expect.arrayContaining(['a) R 9 (b c', String.raw`\x1b[2J\x1b[H`, '((((', 'x y']));
  expect([...shown].filter((name) => /[^\P{C}]/u.test(name))).toEqual([]);
  expect(processes?.top_memory.filter(({ state }) => !/^[A-Za-z]$/.test(state))).toEqual([]);
  const text = await start(node, [bin, 'sysinfo', 'processes', '--top', '9999']);
  expect(text.stdout).not.toMatch(/[^\P{C}\n]/u);
});

test('hundreds of real processes take no time', async () => {
  await startGroup('for i in {1..400}; do sleep 60 & done; echo ready; wait');
  const started = performance.now();
  const { stdout, exitCode } = await start(node, [bin, 'sysinfo', 'processes', '--json']);
  expect(exitCode).toBe(0);
  expect(performance.now() - started).toBeLessThan(5000);
  const { processes, took_ms } = JSON.parse(stdout) as SysinfoReport;
  expect(processes?.total).toBeGreaterThan(400);
  expect(took_ms).toBeLessThan(2000);
});

test('what only permission hides is told, changes nothing in a bare run, and is missed where somebody asks', async ({
  skip,
}) => {
  if (process.getuid?.() !== 0) skip('only root can hide a mount from others');
  mkdirSync(join(folder, 'locked/mount'), { recursive: true });
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'locked'), 0o700);
  writeFileSync(
    join(folder, 'script'),
    `mount -t tmpfs -o size=1m hidden ${folder}/locked/mount && exec setpriv --reuid 65534 --regid 65534 --clear-groups ${node} ${bin} sysinfo "$@"`,
  );
  const asNobody = (...words: string[]) =>
    start('unshare', ['--mount', '--propagation', 'private', 'bash', join(folder, 'script'), ...words]);
  const bare = await asNobody('--json', '--sample', '0');
  if (/permitted|denied|cannot/i.test(bare.stderr) && bare.stdout === '')
    skip(`nobody may not start it: ${bare.stderr}`);
  expect([bare.exitCode, bare.stderr]).toEqual([0, '']);
  const report = JSON.parse(bare.stdout) as SysinfoReport;
  const mount = `${folder}/locked/mount`;
  expect(report.errors).toContainEqual(
    expect.objectContaining({ section: 'disks', code: 'permission', subject: mount, required: false }),
  );
  const disk = report.disks?.find((each) => each.mount === mount);
  expect(disk).toMatchObject({ error: { code: 'permission' } });
  expect(disk).not.toHaveProperty('size_bytes');
  expect(report.disks?.find((each) => each.mount === '/')?.size_bytes).toBeGreaterThan(0);

  const named = await asNobody('disks');
  expect(named.exitCode).toBe(2);
  expect(named.stdout).toMatch(new RegExp(`^unknown: disks ${mount}: .*\n$`));
  const judged = await asNobody('--fail-if', 'disk.used_pct<0');
  expect(judged.exitCode).toBe(2);
  expect(judged.stdout).toContain(`unknown: disk.used_pct{mount="${mount}"}: could not be read`);
  expect((await asNobody('--fail-if', 'disk.used_pct{mount="/"}<0', '-q')).exitCode).toBe(0);
});

test('--textfile is the old file or the new one at every instant', async () => {
  const file = join(folder, 'devops.prom');
  const loop = `for i in 1 2 3 4; do $DEVOPS sysinfo memory cpu --sample 0 -q --textfile ${file}; done; touch ${folder}/done`;
  const writing = startShell(loop);
  const seen = new Set<string>();
  while (!existsSync(join(folder, 'done'))) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : 'none';
    seen.add(text === 'none' ? text : text.slice(-1) + /devops_sysinfo_status\{/.test(text));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect((await writing).exitCode).toBe(0);
  expect([...seen].filter((state) => state !== 'none')).toEqual(['\ntrue']);
});
