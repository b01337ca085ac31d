import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseJunit } from 'junit2json';
import { expect, test } from 'vitest';
import { sectionNames } from '../../src/lib/system/report.ts';
import { width } from '../../src/terminal/width.ts';
import { parseExposition } from '../support/exposition-grammar.ts';
import { parsePluginOutput } from '../support/nagios-grammar.ts';
import { report, sysinfo, temporaryFolder } from './run-sysinfo.ts';

const fires = ['memory', '--fail-if', 'memory.total > 0'];
const holds = ['memory', '--fail-if', 'memory.total < 0'];

function sectionsOf(found: object): string[] {
  return sectionNames.filter((name) => Object.hasOwn(found, name));
}

test('a bare run tells all that this machine has, says what it has not, and gives no verdict', async () => {
  const found = await report([]);
  const unavailable = found.unavailable.map(({ section }) => section);
  const hidden = found.errors.map(({ section }) => section);
  const missing = sectionNames.filter((name) => !Object.hasOwn(found, name));
  expect(missing.filter((name) => ![...unavailable, ...hidden, 'hardware'].includes(name))).toEqual([]);
  expect(sectionsOf(found)).toEqual(expect.arrayContaining(['os', 'cpu', 'memory', 'disks', 'processes']));
  expect(found.errors.filter(({ required }) => required)).toEqual([]);
  expect(found).toMatchObject({ schema: 'devops.sysinfo/1', rules: [], status: 'none' });
});

test('a section that this machine does not have changes nothing about the exit code, also when it is named', async () => {
  const all = await report(['--sample', '0']);
  for (const { section } of all.unavailable) {
    const found = await report([section]);
    expect(found.unavailable.map((each) => each.section)).toEqual([section]);
  }
});

test('sections are arguments', async () => {
  const found = await report(['memory', 'os']);
  expect(sectionsOf(found)).toEqual(['os', 'memory']);
});

test('hardware is only there when it is named', async () => {
  const found = await report(['hardware', '--deadline', '20s']);
  expect([...sectionsOf(found), ...found.unavailable.map(({ section }) => section)]).toContain('hardware');
});

test('--skip leaves sections out', async () => {
  const skipped = ['processes', 'network', 'cpu', 'io', 'containers', 'services'];
  const found = await report(skipped.flatMap((name) => ['--skip', name]));
  const told = [...sectionsOf(found), ...found.unavailable.map(({ section }) => section)];
  expect(told.filter((name) => skipped.includes(name))).toEqual([]);
  expect(told).toContain('memory');
});

test.each([
  [['disk'], "there is no section 'disk'", "did you mean 'disks'?"],
  [['xyzzy'], "there is no section 'xyzzy'", expect.stringContaining('sections are: os, cpu, memory')],
  [['--skip', 'memroy'], "there is no section 'memroy'", "did you mean 'memory'?"],
  [['os', '--skip', 'os'], 'every section is skipped: nothing is left to report on', expect.stringContaining('--skip')],
  [['-o', 'prometeus'], "unknown format 'prometeus'", "did you mean 'prometheus'?"],
  [['-o', 'csv'], "'sysinfo' has no csv output", expect.stringContaining('nagios')],
  [['--report', 'junti=x'], "unknown format 'junti'", "did you mean 'junit'?"],
  [['--wach'], "unknown option '--wach'", "did you mean '--watch'?"],
  [['--interval', '5ms'], "option '--interval': '5ms' is too short", 'use at least 100ms'],
  [['--interval', 'often'], "option '--interval': 'often' is not a duration", expect.stringContaining('90s')],
  [['--sample', '250'], "option '--sample': '250' is not a duration", expect.stringContaining('and a unit')],
  [['--deadline', '0'], "option '--deadline': no section could answer in no time", expect.stringContaining('2s')],
  [['--top', '-1'], expect.stringContaining('--top'), undefined],
  [['--top', '1.5'], "option '--top': '1.5' is not a number from 0 to 9999", undefined],
  [['--fail-if'], "option '--fail-if <rule>' argument missing", expect.stringContaining('--help')],
] as const)('%j is one clear line, a hint and 2', async (words, message, hint) => {
  const { code, stdout, stderr } = await sysinfo(words);
  expect([code, stdout]).toEqual([2, '']);
  const lines = stderr.trimEnd().split('\n');
  expect(lines[0]?.replace('devops: error: ', '')).toEqual(message);
  expect(lines.slice(1).every((line) => line.startsWith('devops: hint: '))).toBe(true);
  if (hint !== undefined) expect(lines[1]?.replace('devops: hint: ', '')).toEqual(hint);
});

test.each(['json', 'yaml', 'junit', 'prometheus'])(
  '--watch never ends, so -o %s is refused and names jsonl',
  async (format) => {
    const { code, stdout, stderr } = await sysinfo(['memory', '--watch', '-o', format]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`${format} of a command that runs until it is stopped would never be complete`));
    expect(stderr).toContain('use --output jsonl');
  },
);

test('with -o json a mistake is one object on standard error, with -o nagios it is UNKNOWN', async () => {
  const json = await sysinfo(['disk', '--json']);
  expect([json.code, json.stdout, JSON.parse(json.stderr)]).toMatchObject([2, '', { error: { code: 'usage' } }]);
  const nagios = await sysinfo(['--fail-if', 'disk.usd_pct>1', '-o', 'nagios']);
  expect(nagios).toMatchObject({ code: 3, stderr: '' });
  expect(nagios.stdout).toMatch(/^(?:SYSINFO )?UNKNOWN - .*rule .*column 1: there is no metric disk\.usd_pct.*\n$/);
});

test('off a terminal a rule that fires is all there is to read', async () => {
  expect(await sysinfo(fires)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^critical: memory\.total: \S+ \S+, limit > 0 B\n$/),
    stderr: '',
  });
});

test('off a terminal, while all is well, the report is there; with -q there is silence', async () => {
  expect(await sysinfo(holds)).toMatchObject({ code: 0, stdout: expect.stringContaining('Resources\n'), stderr: '' });
  expect(await sysinfo([...holds, '-q'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(await sysinfo(['-q'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect((await sysinfo([...fires, '-q'])).stdout).toMatch(/^critical: .*\n$/);
});

test('on a terminal a rule that fires stands on top of the whole report', async () => {
  const { code, stdout } = await sysinfo(fires, { terminalColumns: 80, env: { NO_COLOR: '1' } });
  expect(code).toBe(1);
  expect(stdout.split('\n')[1]).toMatch(/^▲ memory\.total is .* limit > 0 B$/);
  expect(stdout).toContain('\nResources\n');
});

test('-o nagios is one line with performance data and a code of its own', async () => {
  const ok = await sysinfo([...holds, '-o', 'nagios']);
  expect([ok.code, parsePluginOutput(ok.stdout).status]).toEqual([0, 'OK']);
  const warning = await sysinfo(['memory', '--warn-if', 'memory.total > 0', '-o', 'nagios']);
  expect([warning.code, parsePluginOutput(warning.stdout).status]).toEqual([1, 'WARNING']);
  const rules = ['--warn-if', 'disk.used_pct{mount="/"} >= 0', '--fail-if', 'disk.used_pct{mount="/"} >= 0.0001'];
  const critical = await sysinfo(['disks', ...rules, '-o', 'nagios']);
  const parsed = parsePluginOutput(critical.stdout);
  expect([critical.code, parsed.status, parsed.service]).toEqual([2, 'CRITICAL', 'SYSINFO']);
  const root = parsed.performance.find(({ label }) => label === 'disk.used_pct /');
  expect(root).toMatchObject({ unit: '%', warning: '@0:', critical: '@0.0001:' });
  expect(root?.value).toBeGreaterThan(0);
});

test('-o nagios that nobody told what to judge is UNKNOWN, never green', async () => {
  const { code, stdout } = await sysinfo(['memory', '-o', 'nagios']);
  expect([code, parsePluginOutput(stdout).status]).toEqual([3, 'UNKNOWN']);
});

test('--report junit holds a case for every judgement, beside the text', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'r.xml');
  const words = ['memory', '--fail-if', 'memory.total > 0', '--warn-if', 'memory.total < 0'];
  const { code, stdout } = await sysinfo([...words, '--report', `junit=${file}`]);
  expect([code, stdout.split('\n').length]).toEqual([1, 2]);
  const suites = await parseJunit(readFileSync(file, 'utf8'));
  expect(suites).toMatchObject({ tests: 2, failures: 1, errors: 0 });
});

test('-o github and -o yaml tell the same', async () => {
  const github = await sysinfo([...fires, '-o', 'github']);
  expect(github.stderr).toMatch(/^::error.*memory\.total/);
  expect((await sysinfo([...fires, '-o', 'yaml'])).stdout).toMatch(/^schema: devops\.sysinfo\/1\n/);
});

test('-o prometheus has the names of node_exporter and its own', async () => {
  const { code, stdout } = await sysinfo(['memory', 'cpu', 'disks', ...fires.slice(1), '-o', 'prometheus']);
  expect(code).toBe(1);
  const names = new Set(parseExposition(stdout).map(({ name }) => name));
  for (const name of [
    'node_memory_MemTotal_bytes',
    'node_load1',
    'node_filesystem_size_bytes',
    'devops_sysinfo_rule_state',
  ]) {
    expect([...names]).toContain(name);
  }
});

test('--textfile is written whole, readable for the exporter, and again at the next run', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'devops.prom');
  writeFileSync(file, 'old\n', { mode: 0o600 });
  const { code, stdout } = await sysinfo(['memory', '-q', '--textfile', file]);
  expect([code, stdout, readdirSync(folder)]).toEqual([0, '', ['devops.prom']]);
  const text = readFileSync(file, 'utf8');
  expect(statSync(file).mode & 0o777).toBe(0o644);
  expect(text.endsWith('\n')).toBe(true);
  const samples = parseExposition(text);
  expect(samples.map(({ name }) => name)).toContain('devops_sysinfo_status');
  expect(samples.filter(({ name }) => name.startsWith('node_memory'))).toEqual([]);
});

test('a --textfile without a folder stands in the working directory', async () => {
  const cwd = temporaryFolder();
  expect((await sysinfo(['memory', '-q', '--textfile', 'x.prom'], { cwd })).code).toBe(0);
  expect(existsSync(join(cwd, 'x.prom'))).toBe(true);
});

test('a --textfile that cannot be written is 2, and hides no alarm', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'taken'));
  for (const file of [join(folder, 'nowhere/x.prom'), join(folder, 'taken')]) {
    const { code, stdout, stderr } = await sysinfo([...fires, '--textfile', file]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^critical: memory\.total: /);
    expect(stderr).toMatch(/^devops: error: cannot write '/);
  }
  expect(readdirSync(folder)).toEqual(['taken']);
});

test('--top is the length of the lists, 0 included', async () => {
  const few = await report(['processes', '--sample', '0', '--top', '1']);
  expect(few.processes?.top_memory).toHaveLength(1);
  const none = await report(['processes', '--sample', '0', '--top', '0']);
  expect(none.processes).toMatchObject({ top_memory: [], top_cpu: [] });
  expect(none.processes?.total).toBeGreaterThan(0);
});

test('--watch off a terminal is one JSON object a line until it is interrupted', async () => {
  const words = ['memory', 'cpu', '--watch', '--interval', '100ms', '--sample', '10ms'];
  const { code, stdout, stderr } = await sysinfo([...words, '-o', 'jsonl'], {
    interruptAfter: { milliseconds: 900, reason: 'SIGINT' },
  });
  expect([code, stderr]).toEqual([130, '']);
  const reports = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(reports.length).toBeGreaterThan(1);
  // After the first one, rates are measured from look to look: nothing is waited for beside the interval.
  expect(reports[1]).toMatchObject({ schema: 'devops.sysinfo/1', cpu: { usage_pct: expect.any(Number) } });
  expect(reports[1].sample_ms).toBeGreaterThanOrEqual(95);
});

test('--watch without a format is JSON lines where nobody watches', async () => {
  const { code, stdout } = await sysinfo(['memory', '--watch', '--interval', '100ms'], {
    interruptAfter: { milliseconds: 400, reason: 'SIGTERM' },
  });
  expect(code).toBe(143);
  expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({ schema: 'devops.sysinfo/1' });
});

test('--watch on a terminal draws in place and leaves the last picture', async () => {
  const { code, stdout } = await sysinfo(['memory', '--watch', '--interval', '100ms'], {
    terminalColumns: 80,
    env: { NO_COLOR: '1' },
    interruptAfter: { milliseconds: 600, reason: 'SIGINT' },
  });
  expect(code).toBe(130);
  const [enter, leave] = ['\u001b[?1049h', '\u001b[?1049l'];
  expect([stdout.split(enter).length, stdout.split(leave).length]).toEqual([2, 2]);
  expect(stdout.split('\u001b[H').length).toBeGreaterThan(3);
  expect(stdout.slice(stdout.indexOf(leave) + leave.length)).toContain('  memory');
});

test.each(['junit', 'json', 'prometheus'])(
  '--watch takes no --report %s, which would grow for ever',
  async (format) => {
    const { code, stderr } = await sysinfo(['memory', '--watch', '--report', `${format}=/nonexistent/report`]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(`${format} of a command that runs until it is stopped`),
    ]);
  },
);

test('-v says what is read and looked at, and nothing of it on standard output', async () => {
  const { stdout, stderr } = await sysinfo(['memory', '-v', '--json']);
  expect(stderr).toContain('devops: debug: looks at this machine sections=["memory"]');
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'devops.sysinfo/1' });
});

test('a watched rule that fires stands in every line', async () => {
  const { stdout } = await sysinfo([...fires, '--watch', '--interval', '100ms', '-o', 'jsonl'], {
    interruptAfter: { milliseconds: 300, reason: 'SIGINT' },
  });
  expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({ status: 'critical', rules: [{ state: 'fired' }] });
});

test('--timeout ends what takes too long with 2', async () => {
  const { code, stderr, milliseconds } = await sysinfo(['cpu', '--sample', '20s', '--timeout', '200ms']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--timeout')]);
  expect(milliseconds).toBeLessThan(5000);
});

test.each([80, 200])('at %i columns no line of the real report is longer', async (columns) => {
  const { stdout } = await sysinfo([], { terminalColumns: columns, env: { NO_COLOR: '1' } });
  expect(stdout.split('\n').filter((line) => width(line) > columns)).toEqual([]);
  expect(stdout).not.toContain('\u001b');
});

test('where the locale is not UTF-8 the report is ASCII', async () => {
  for (const terminalColumns of [80, undefined]) {
    const options = terminalColumns === undefined ? {} : { terminalColumns };
    const { stdout } = await sysinfo([], { ...options, env: { LANG: 'C', NO_COLOR: '1' } });
    expect(stdout).toMatch(/^[\n -~]+$/);
  }
});
