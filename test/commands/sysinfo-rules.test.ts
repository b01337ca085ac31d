import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { report, sysinfo, temporaryFolder } from './run-sysinfo.ts';

const minutes = (count: number) => () => new Date(Date.UTC(2026, 0, 1, 0, count));

/** A devops.yaml with these lines below `sysinfo:`. */
function configured(...lines: string[]): string {
  const path = join(temporaryFolder(), 'devops.yaml');
  writeFileSync(path, ['sysinfo:', ...lines.map((line) => `  ${line}`), ''].join('\n'), { mode: 0o600 });
  return path;
}

test.each([
  [['--warn-if', 'memory.total > 0'], 1],
  [['--fail-if', 'memory.total > 0'], 1],
  [['--warn-if', 'memory.total > 0', '--fail-if', 'memory.total < 0'], 1],
  [['--warn-if', 'memory.total < 0', '--fail-if', 'memory.total < 0'], 0],
  [['--warn-if', 'memory.total > 0', '--fail-on', 'critical'], 0],
  [['--fail-if', 'memory.total > 0', '--fail-on', 'critical'], 1],
  [['--fail-if', 'memory.total > 0', '--fail-if', 'disk.used_pct{mount="/nowhere"} > 1'], 2],
])('%j ends with %i', async (words, code) => {
  const result = await sysinfo(['memory', ...words]);
  expect(result).toMatchObject({ code, stderr: '' });
});

test.each([
  ['disk.used_pct{mount="/var} > 90', 21],
  ['disk.used_pct{mnt="/var"} > 90', 15],
  ['disk.used_pct > 90 for', 23],
  ['disk.used_pct > 90 for 15', 24],
  ['disk.used_pct', 14],
  ['disk.used_pct = 90', 15],
  ['disk.used_pct > 5GiB', 17],
  ['load1 > 2 and', 14],
  ['(load1 > 2', 11],
  ['dsik.used_pct > 90', 1],
  ['', 1],
  ['\u001b[2J', 1],
])('the rule %j is a usage error that shows column %i, before anything is read', async (rule, column) => {
  for (const option of ['--fail-if', '--warn-if']) {
    const { code, stdout, stderr, milliseconds } = await sysinfo(['--sample', '9s', option, rule]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^devops: error: rule '.*', column ${column}: `));
    expect(stderr).toMatch(/\ndevops: hint: /);
    expect(stderr).toMatch(/^[\n -~]+$/);
    expect(milliseconds).toBeLessThan(5000);
  }
});

test('the metric nearest to a mistyped one is named', async () => {
  const { stderr } = await sysinfo(['--fail-if', 'memory.availble_pct < 10']);
  expect(stderr).toContain('devops: hint: did you mean memory.available_pct?\n');
});

test('a rule may read sections that were not asked for', async () => {
  const found = await report(['os', '--warn-if', 'memory.total < 0 or load1 < 0', '--sample', '0']);
  expect(Object.keys(found)).toEqual(expect.arrayContaining(['os', 'memory', 'cpu']));
  const skipped = await report(['--skip', 'memory', '--warn-if', 'memory.total < 0', '--sample', '0']);
  expect(skipped.memory).toBeDefined();
});

test('every instance is judged for itself, and none hides another', async () => {
  const { code, stdout } = await sysinfo(['disks', '--warn-if', 'disk.size >= 0', '--json']);
  const { disks, rules } = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(rules).toHaveLength(disks.length);
});

test('a rate is known after the sample, and without a sample it is unknown', async () => {
  const rule = ['--fail-if', 'cpu.usage_pct < 0'];
  expect(await sysinfo(['cpu', ...rule, '--sample', '50ms'])).toMatchObject({ code: 0, stderr: '' });
  const { code, stdout } = await sysinfo(['cpu', ...rule, '--sample', '0']);
  expect([code, stdout]).toEqual([2, expect.stringMatching(/^unknown: cpu\.usage_pct: .*two looks/)]);
});

test('a rule that matches nothing is 2 and names the nearest, with --allow-missing it is fine', async () => {
  const rule = ['disks', '--fail-if', 'disk.used_pct{mount="/tpm/no/such"} > 90'];
  const { code, stdout } = await sysinfo(rule);
  expect(code).toBe(2);
  expect(stdout).toMatch(/^unknown: disk\.used_pct\{mount="\/tpm\/no\/such"\}: nothing here matches /);
  expect(await sysinfo([...rule, '--allow-missing', '-q'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(await sysinfo([...rule, '-o', 'nagios'])).toMatchObject({ code: 3 });
});

test('a rule on a section that this machine does not have is 2 as well, for nobody can say that it holds', async () => {
  const { unavailable } = await report(['sensors']);
  const rule = ['--fail-if', 'sensor.celsius{chip="no such chip"} > 90'];
  expect((await sysinfo(['sensors', ...rule])).code).toBe(2);
  expect((await sysinfo(['sensors', ...rule, '--allow-missing'])).code).toBe(0);
  expect(unavailable.every(({ reason }) => reason.length > 5)).toBe(true);
});

test('`for` counts from run to run, fires once it was true for that long, and starts again in between', async () => {
  const env = { STATE_DIRECTORY: temporaryFolder() };
  const run = async (minute: number) => {
    const words = ['memory', '--fail-if', 'memory.total > 0 for 15m'];
    return (await sysinfo(words, { env, now: minutes(minute) })).code;
  };
  expect([await run(0), await run(5), await run(14)]).toEqual([0, 0, 0]);
  expect([await run(15), await run(40)]).toEqual([1, 1]);
  // More than an hour without a look: nobody can say that it held.
  expect(await run(200)).toBe(0);
  expect(readdirSync(join(env.STATE_DIRECTORY, 'sysinfo'))).toHaveLength(1);
});

test('off a terminal, a rule that is pending is no finding; --explain and JSON tell since when', async () => {
  const words = ['memory', '--fail-if', 'memory.total > 0 for 15m'];
  expect(await sysinfo([...words, '-q'])).toMatchObject({ code: 0, stdout: '' });
  const { rules, status } = await report(words, { now: minutes(0) });
  expect(status).toBe('ok');
  expect(rules).toMatchObject([{ state: 'pending', since: '2026-01-01T00:00:00.000Z' }]);
  const { stdout } = await sysinfo([...words, '--explain'], { now: minutes(0) });
  expect(stdout).toMatch(/^critical if .*\n {2}pending {2}memory\.total is .*for 0s of 15m since 2026-01-01T00:00/);
});

test('state that cannot be kept is told and hides no alarm', async () => {
  const blocked = join(temporaryFolder(), 'file');
  writeFileSync(blocked, '');
  const words = ['memory', '--fail-if', 'memory.total > 0 for 15m', '--warn-if', 'memory.total > 0'];
  const { code, stdout } = await sysinfo(words, { env: { STATE_DIRECTORY: join(blocked, 'below') } });
  expect(code).toBe(2);
  expect(stdout).toMatch(/^warning: memory\.total: /m);
  expect(stdout).toMatch(/^unknown: .*'for' cannot be told: /m);
});

test('nothing is written for rules that remember nothing', async () => {
  const env = { STATE_DIRECTORY: temporaryFolder() };
  await sysinfo(['memory', '--fail-if', 'memory.total > 0'], { env });
  expect(existsSync(join(env.STATE_DIRECTORY, 'sysinfo'))).toBe(false);
});

const day = 86_400;
const now = new Date(Date.UTC(2026, 0, 2));

/** The history of a filesystem `/` that was filled by this share of its free space in each of the last hours. */
async function historyOf(shareAnHour: number): Promise<{ env: { STATE_DIRECTORY: string } }> {
  const folder = temporaryFolder();
  const { disks } = await report(['disks']);
  const root = disks!.find(({ mount }) => mount === '/')!;
  mkdirSync(join(folder, 'sysinfo'), { mode: 0o700 });
  const lines = Array.from({ length: 12 }, (_, hour) => {
    const ago = 12 - hour;
    const used = Math.round(root.used_bytes! - ago * shareAnHour * root.available_bytes!);
    return JSON.stringify({
      v: 1,
      t: now.getTime() / 1000 - ago * 3600,
      d: [['/', root.source, root.size_bytes, used]],
    });
  });
  writeFileSync(join(folder, 'sysinfo/disk-history.jsonl'), `${lines.join('\n')}\n`, { mode: 0o600 });
  return { env: { STATE_DIRECTORY: folder } };
}

test('disk.full_in forecasts from the history of earlier runs', async () => {
  const { env } = await historyOf(1 / 10);
  const rule = 'disk.full_in{mount="/"} < 24h';
  const { code, stdout } = await sysinfo(['disks', '--fail-if', rule], { env, now: () => now });
  expect(code).toBe(1);
  // The disk of a machine at work moves a little between two looks.
  expect(stdout).toMatch(/^critical: disk\.full_in\{mount="\/"\}: (?:9h|10h).*, limit < 1d\n$/);
  const slow = await historyOf(1 / 1000);
  expect(await sysinfo(['disks', '--fail-if', rule, '-q'], { ...slow, now: () => now })).toMatchObject({
    code: 0,
    stdout: '',
  });
  const still = await historyOf(-1 / 1000);
  const shown = await report(['disks', '--fail-if', rule], { ...still, now: () => now });
  expect(shown.disks?.find(({ mount }) => mount === '/')?.full_in_seconds).toBeNull();
});

test('too little history is not yet known, which is neither an error nor fine, and grows with every run', async () => {
  const env = { STATE_DIRECTORY: temporaryFolder() };
  const words = ['disks', '--fail-if', 'disk.full_in < 24h'];
  const found = await report(words, { env, now: () => now });
  expect(found.rules.map(({ state }) => state)).toContain('not yet known');
  expect(found.errors).toEqual([]);
  await sysinfo(words, { env, now: () => new Date(now.getTime() + day) });
  const history = readFileSync(join(env.STATE_DIRECTORY, 'sysinfo/disk-history.jsonl'), 'utf8');
  expect(history.trimEnd().split('\n')).toHaveLength(2);
});

test('rules in devops.yaml judge every bare run, with their names and severities', async () => {
  const config = configured(
    'rules:',
    '  - { name: much memory, if: memory.total > 0, severity: warning }',
    '  - { if: memory.total < 0 }',
  );
  const { code, stdout } = await sysinfo(['--config', config, '--skip', 'processes']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^warning: much memory: memory\.total: .*\n$/);
  expect((await sysinfo(['os', '--config', config])).code).toBe(0);
});

test('a rule in devops.yaml counts on the hosts that it names', async () => {
  const run = async (hosts: string) => {
    const config = configured('rules:', `  - { if: memory.total > 0, hosts: [${hosts}] }`);
    return (await sysinfo(['memory', '--config', config])).code;
  };
  const name = hostname();
  expect([await run(`'${name}'`), await run(`'${name.slice(0, 1)}*'`), await run("'nowhere-*', '*'")]).toEqual([
    1, 1, 1,
  ]);
  expect([await run("'nowhere-*'"), await run(`'${name}?'`)]).toEqual([0, 0]);
});

test('a rule in devops.yaml that cannot be read is told with its place', async () => {
  const config = configured('rules:', '  - if: disk.usd_pct > 90');
  const { code, stdout, stderr } = await sysinfo(['--config', config]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/devops\.yaml:3:\d+.*there is no metric disk\.usd_pct/);
  expect(stderr).toContain('did you mean disk.used_pct?');
});

test('devops.yaml says which sections, sample and deadline a bare run has', async () => {
  const config = configured('sections: [os, memory, cpu]', 'skip: [memory]', 'sample: 0s');
  const found = await report(['--config', config]);
  expect(Object.keys(found)).toEqual(expect.arrayContaining(['os', 'cpu']));
  expect(found.memory).toBeUndefined();
  expect(found.sample_ms).toBe(0);
});

test.each([
  ['sections: [diskz]', 'disks'],
  ['sampel: 1s', 'sample'],
  ['rules: [{ iff: load1 > 1 }]', 'if'],
])('a devops.yaml with %j names the nearest', async (line, near) => {
  const { code, stderr } = await sysinfo(['--config', configured(line)]);
  expect(code).toBe(2);
  expect(stderr).toMatch(new RegExp(`devops\\.yaml:2:\\d+[^]*'?${near}'?`));
});

test('a devops.yaml that others can write, that is huge, or that is not there is refused', async () => {
  const open = configured('sample: 0s');
  chmodSync(open, 0o666);
  expect(await sysinfo(['--config', open])).toMatchObject({ code: 2, stderr: expect.stringContaining(open) });
  const huge = configured('sample: 0s');
  appendFileSync(huge, `# ${'x'.repeat(20_000_000)}\n`);
  expect(await sysinfo(['--config', huge])).toMatchObject({ code: 2, stderr: expect.stringContaining(huge) });
  expect(await sysinfo(['--config', '/nowhere/x'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('/nowhere'),
  });
});

test('--explain prints every rule with its current value, on a terminal and off it, whether one fires or not', async () => {
  const words = ['memory', '--fail-if', 'memory.total > 0', '--warn-if', 'memory.total < 0', '--explain'];
  const expected =
    /^critical if memory\.total > 0\n {2}critical {2}memory\.total is .*\nwarning if memory\.total < 0\n {2}ok {8}memory\.total is .*\n$/;
  const piped = await sysinfo(words);
  const shown = await sysinfo(words, { terminalColumns: 200, env: { NO_COLOR: '1' } });
  expect([piped.code, shown.code]).toEqual([1, 1]);
  expect(piped.stdout).toMatch(expected);
  expect(shown.stdout).toMatch(expected);
});

test('--explain without rules says how to give some', async () => {
  expect(await sysinfo(['memory', '--explain'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^no rules: /),
  });
});
