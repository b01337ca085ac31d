import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plainEnvironment } from '../../bench/checkout.ts';
import { measureRun, parseTimes } from '../../bench/measure.ts';
import { markdownReport, textReport, type BenchReport } from '../../bench/report.ts';
import { measureRounds, type CommandRow } from '../../bench/rounds.ts';

const options = {
  cwd: tmpdir(),
  env: { PATH: process.env['PATH'] },
  deadlineSeconds: 20,
  signal: new AbortController().signal,
};
const busyLoop = 'i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done';

test('a run counts the CPU of children of children', async () => {
  const { cpuSeconds, wallSeconds, exitCode } = await measureRun(['sh', '-c', `sh -c '${busyLoop}'; exit 3`], options);
  expect(exitCode).toBe(3);
  expect(cpuSeconds).toBeGreaterThan(0.05);
  expect(wallSeconds).toBeGreaterThan(0.05);
});

test('a run hands over arguments untouched and keeps stderr apart from the times', async () => {
  const { exitCode, stderr } = await measureRun(['sh', '-c', 'echo "$1" >&2', 'sh', "a  'b' $HOME *"], options);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "a  'b' $HOME *\n" });
});

test('a program that does not exist is exit 127', async () => {
  expect((await measureRun(['/no/such/program'], options)).exitCode).toBe(127);
});

test('a run that passes its deadline is killed with its children', async () => {
  const started = performance.now();
  const run = measureRun(['sh', '-c', 'sleep 30; true'], { ...options, deadlineSeconds: 0.2 });
  await expect(run).rejects.toThrow('still running after 0.2 s: sh -c sleep 30; true');
  expect(performance.now() - started).toBeLessThan(5000);
});

test('an interruption ends the run', async () => {
  const run = measureRun(['sleep', '30'], { ...options, signal: AbortSignal.timeout(100) });
  await expect(run).rejects.toThrow('interrupted');
});

test('times are read with the decimal point of any locale', () => {
  expect(parseTimes('0.020 0.005 0.031\n')).toEqual({ cpuSeconds: 0.025, wallSeconds: 0.031 });
  expect(parseTimes('1,5 0,25 2,0\n')).toEqual({ cpuSeconds: 1.75, wallSeconds: 2 });
  expect(() => parseTimes('bash: no\n')).toThrow('did not print its times');
});

test('each round runs every command that works, and a failing one has its stderr for figures', async () => {
  const rows = [
    { name: 'true', argv: ['true'], version: '1' },
    { name: 'false', argv: ['sh', '-c', 'echo broken >&2; exit 4'], version: '1' },
    { name: 'expected', argv: ['false'], version: '1', exitCode: 1 },
    { name: 'absent', missing: 'apt-get install absent' },
  ];
  const rounds: number[] = [];
  const measured = await measureRounds(rows, {
    ...options,
    runs: 3,
    gnuTime: undefined,
    onRound: (round) => rounds.push(round),
  });
  expect(rounds).toEqual([0, 1, 2, 3]);
  expect(measured[0]).toMatchObject({ cpuSeconds: [expect.any(Number), expect.any(Number), expect.any(Number)] });
  expect(measured[1]).toMatchObject({ failed: { reason: 'exit 4 instead of 0', stderr: 'broken\n' } });
  expect(measured[2]).toHaveProperty('wallSeconds.length', 3);
  expect(measured[3]).toEqual({ row: rows[3] });
});

test('the report gives medians over the baseline, goals, failures and what is missing', () => {
  const text = textReport(report);
  expect(text).toContain('as ratios to base (there and then 20.0 ms CPU, 30.0 ms wall)');
  expect(text).toMatch(/^base +1\.00 +0\.50\.\.2\.00 +1\.00 +1\.00\.\.1\.00 +1\.0 MiB +-$/m);
  expect(text).toMatch(/^fast +0\.50 .*<= 0\.60 met$/m);
  expect(text).toMatch(/^slow +3\.00 .*>= 5\.00 MISSED$/m);
  expect(text).toContain('FAILED: exit 2 instead of 0');
  expect(text).toContain('stderr of broken:\n  no such thing\n');
  expect(text).toContain('missing: apt-get install absent');
  expect(text).toContain('  fast: 2.0\n');
});

test('the Markdown section has one table row a command, every one as wide as the head', () => {
  const table = markdownReport(report)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  expect(table).toHaveLength(2 + report.measured.length);
  expect(new Set(table.map((line) => line.split('|').length))).toEqual(new Set([9]));
});

test('measured commands do not inherit what npm and the checkout put into the environment', () => {
  const env = {
    PATH: '/a/node_modules/.bin:/usr/bin',
    HOME: '/h',
    npm_config_x: '1',
    NODE_OPTIONS: '-r x',
    INIT_CWD: '/',
  };
  expect(plainEnvironment(env)).toEqual({ PATH: '/usr/bin', HOME: '/h' });
});

test('without a name the benches are listed; an unknown one and a bad number are exit 2', async () => {
  expect(await bench()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ {2}startup .*\n {2}sysinfo .*--processes N/m),
  });
  expect(await bench('nope')).toMatchObject({ code: 2, stderr: expect.stringContaining('no bench is called nope') });
  expect(await bench('startup', '--runs', '0')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--runs wants'),
  });
});

const row = (name: string, goal?: CommandRow['goal']): CommandRow => ({
  name,
  argv: [name],
  version: '2.0',
  ...(goal && { goal }),
});

const report: BenchReport = {
  name: 'example',
  summary: 'a sentence',
  command: 'npm run bench -- example',
  date: '2026-01-02',
  runs: 3,
  machine: '2 cores',
  recipe: 'none',
  measured: [
    { row: row('base'), cpuSeconds: [0.01, 0.04, 0.02], wallSeconds: [0.03, 0.03, 0.03], peakBytes: 2 ** 20 },
    { row: row('fast', { atMost: 0.6 }), cpuSeconds: [0.01], wallSeconds: [0.03] },
    { row: row('slow', { atLeast: 5 }), cpuSeconds: [0.06], wallSeconds: [0.03] },
    { row: row('broken'), failed: { reason: 'exit 2 instead of 0', stderr: 'no such thing\n' } },
    { row: { name: 'absent', missing: 'apt-get install absent' } },
  ],
};

function bench(...args: string[]): Promise<{ code: number | string; stdout: string; stderr: string }> {
  const main = join(import.meta.dirname, '../../bench/main.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? 'killed'), stdout, stderr });
    });
  });
}
