import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScheduleTransition } from '../../src/lib/schedule/next-transitions.ts';
import { main } from '../../src/main.ts';
import { testRuntime, type TestRuntimeOptions } from '../support/test-runtime.ts';

let folder: string;
let holidays: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-schedule-'));
  holidays = join(folder, 'holidays.txt');
  writeFileSync(holidays, '2026-11-23 # a Monday\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** On Friday, 2026-11-20, at 12:00 UTC. */
async function next(words: readonly string[], options: TestRuntimeOptions = {}) {
  const { runtime, stdout, stderr } = testRuntime({ now: () => new Date('2026-11-20T12:00:00Z'), ...options });
  const code = await main(['schedule', 'next', ...words], runtime);
  return { code, stdout: stdout(), stderr: stderr() };
}

const berlin = ['--tz', 'europe/berlin'];

test('off a terminal it is a line of values for each transition, ten of them, and what holds now is on stderr', async () => {
  const { code, stdout, stderr } = await next(['Fri 19:00 - Mon 07:00', ...berlin]);
  const lines = stdout.trimEnd().split('\n');
  expect({ code, count: lines.length }).toEqual({ code: 0, count: 10 });
  expect(lines.slice(0, 2)).toEqual([
    '2026-11-20T19:00:00+01:00\tFriday\t2026-11-20T18:00:00Z\toff\tunique',
    '2026-11-23T07:00:00+01:00\tMonday\t2026-11-23T06:00:00Z\ton\tunique',
  ]);
  expect(stderr).toBe(
    'devops: on at 2026-11-20 13:00 +01:00, since 2026-11-16 07:00 +01:00 (Fri 19:00 - Mon 07:00 Europe/Berlin)\n',
  );
});

test('on a terminal it is a table for people, with a word where the clocks change', async () => {
  const words = ['02:30 - 06:00', ...berlin, '--from', '2026-03-28 12:00', '--count', '2'];
  const { stdout } = await next(words, { terminalColumns: 120, env: { NO_COLOR: '1' } });
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
  expect(lines.slice(-2)).toEqual([
    'Sun 2026-03-29 03:00 +02:00  2026-03-29T01:00:00Z  off  the clocks skip its time: first moment behind the gap',
    'Sun 2026-03-29 06:00 +02:00  2026-03-29T04:00:00Z  on',
  ]);
});

test('json has everything, in a documented record', async () => {
  const words = ['--on', '07:00 - 02:30', ...berlin, '--from', '2026-10-25', '--count', '1', '-o', 'json'];
  const { code, stdout } = await next(words);
  expect(code).toBe(0);
  expect(JSON.parse(stdout) as ScheduleTransition[]).toEqual([
    {
      schedule: '02:30 - 07:00 Europe/Berlin',
      local: '2026-10-25T02:30:00+02:00',
      weekday: 'Sunday',
      utc: '2026-10-25T00:30:00Z',
      to: 'off',
      clock: 'repeated',
    },
  ]);
});

test('csv has a heading', async () => {
  const { stdout } = await next(['weekend', ...berlin, '--count', '3', '-o', 'csv']);
  const rows: unknown[] = parseCsv(stdout, { columns: true });
  expect(rows).toHaveLength(3);
  expect(rows[0]).toEqual({
    local: '2026-11-21T00:00:00+01:00',
    weekday: 'Saturday',
    utc: '2026-11-20T23:00:00Z',
    to: 'off',
    clock: 'unique',
  });
});

test('--quiet says nothing about now', async () => {
  expect((await next(['weekend', '-q', ...berlin])).stderr).toBe('');
});

test('without --tz it is in the zone of the machine', async () => {
  const { stdout } = await next(['weekend', '--count', '1'], { env: { TZ: 'Asia/Kathmandu' } });
  expect(stdout).toMatch(/^2026-11-21T00:00:00\+05:45\t/);
});

test('what has an equals sign is a tag value of offhours, in its own zone', async () => {
  const { stdout, stderr } = await next(['off=(M-F,19);on=(M-F,7);tz=pt', ...berlin, '--count', '1']);
  expect(stdout).toMatch(/^2026-11-20T07:00:00-08:00\tFriday\t2026-11-20T15:00:00Z\ton\t/);
  expect(stderr).toContain('(offhours off M-F@19 on M-F@7 America/Los_Angeles)');
  const escaped = await next(['offu3du28M-Fu2c19u29', ...berlin, '--count', '1']);
  expect(escaped.stdout).toMatch(/^2026-11-20T19:00:00\+01:00\t/);
});

test('--offhours takes a value without one too, also none at all', async () => {
  const { stdout } = await next(['--offhours', '', ...berlin, '--count', '1']);
  expect(stdout).toMatch(/^2026-11-20T19:00:00\+01:00\tFriday\t2026-11-20T18:00:00Z\toff/);
});

test('what has opted out never switches', async () => {
  expect(await next(['off', ...berlin])).toEqual({
    code: 0,
    stdout: '',
    stderr: 'devops: neither on nor off at 2026-11-20 13:00 +01:00 (offhours opted out)\n',
  });
});

test('holidays put it off, and an unreadable file of them is an error', async () => {
  const words = ['Fri 19:00 - Mon 07:00', ...berlin, '--count', '2'];
  const { stdout } = await next([...words, '--holidays', holidays]);
  expect(stdout).toContain('2026-11-24T07:00:00+01:00\tTuesday\t2026-11-24T06:00:00Z\ton');
  const missing = await next([...words, '--holidays', join(folder, 'none')]);
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect(missing.stderr).toContain('no such file');
});

test.each([
  [['weeknd', ...berlin], "schedule 'weeknd', column 1: ", "did you mean 'weekend'?"],
  [['', ...berlin], "schedule '', column 1: ", 'write weekend'],
  [['off=(M-F,24)'], "offhours 'off=(M-F,24)', column 10: expected an hour", 'write 0 for midnight'],
  [['weekend', '--tz', 'Europe/Belrin'], "'Europe/Belrin' is not a time zone", "did you mean 'Europe/Berlin'?"],
  [['weekend', '--from', 'christmas', ...berlin], "'christmas' is not a time", ''],
  [['weekend', '--count', '0', ...berlin], "option '--count'", ''],
  [['--on', 'off=(M,1)', ...berlin], '--on is for words', 'leave --on out'],
  [['00:00 - 24:00', ...berlin], 'is always off, and never switches', ''],
  [[...berlin], "missing required argument 'expr'", ''],
])('%j is a usage error that says what to mend', async (words, message, hint) => {
  const { code, stdout, stderr } = await next(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});

test('ten thousand transitions are no more than asked for', async () => {
  const { code, stdout } = await next(['nights', '--count', '10000', '-o', 'jsonl', ...berlin]);
  expect({ code, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, lines: 10_000 });
});
