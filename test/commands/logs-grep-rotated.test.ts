import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { logsGrep, temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}`;

/** A line an hour of that day. */
const dayLog = (number: number): string =>
  Array.from(
    { length: 24 },
    (_, hour) => `${day(number)}T${String(hour).padStart(2, '0')}:00:00Z x of ${number}\n`,
  ).join('');

/** app.log of the 20th, and older ones behind it. */
function rotatedLog(): string {
  const folder = temporaryFolder();
  const write = (name: string, content: string | Buffer, number: number) => {
    writeFileSync(join(folder, name), content);
    const seconds = Date.parse(`${day(number + 1)}T00:00:00Z`) / 1000;
    utimesSync(join(folder, name), seconds, seconds);
  };
  write('app.log.3.gz', gzipSync(dayLog(17)), 17);
  write('app.log.2.gz', gzipSync(dayLog(18)), 18);
  write('app.log.1', dayLog(19), 19);
  write('app.log', dayLog(20), 20);
  return folder;
}

test('rotated files are searched before the log, the oldest first, each line with its name', async () => {
  const folder = rotatedLog();
  const { code, stdout, stderr } = await logsGrep(folder, ['--rotated', '-c', '-e', 'x of', 'app.log']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe('app.log.3.gz:24\napp.log.2.gz:24\napp.log.1:24\napp.log:24\n');
  const plain = await logsGrep(folder, ['-c', '-e', 'x of', 'app.log']);
  expect(plain.stdout).toBe('24\n');
  const bare = await logsGrep(folder, ['--rotated', '-I', '-e', 'x of', 'app.log']);
  expect(bare.stdout).toBe([17, 18, 19, 20].map(dayLog).join(''));
});

test('a window takes what it covers out of all of them', async () => {
  const folder = rotatedLog();
  const window = ['--since', `${day(18)}T22:00:00Z`, '--until', `${day(20)}T02:00:00Z`];
  const { stdout } = await logsGrep(folder, ['--rotated', '-I', ...window, '-e', '', 'app.log']);
  const all = [17, 18, 19, 20].map(dayLog).join('');
  expect(stdout).toBe(all.slice(all.indexOf(`${day(18)}T22`), all.indexOf(`${day(20)}T02`)));
});

test('a file outside of the window is not read: that it is damaged is nobody’s concern', async () => {
  const folder = rotatedLog();
  const whole = gzipSync(
    Array.from(
      { length: 40_000 },
      (_, number) => `${day(17)}T00:00:00Z ${number} ${(number * 2654435761) % 1e9}\n`,
    ).join(''),
  );
  writeFileSync(join(folder, 'app.log.3.gz'), whole.subarray(0, whole.length / 2));
  const since = (time: string) => logsGrep(folder, ['--rotated', '-c', '--since', time, '-e', 'x of', 'app.log']);
  expect(await since(`${day(19)}T12:00:00Z`)).toMatchObject({
    code: 0,
    stdout: 'app.log.1:12\napp.log:24\n',
    stderr: '',
  });
  const reached = await since(`${day(17)}T12:00:00Z`);
  expect(reached.code).toBe(2);
  expect(reached.stderr).toContain('app.log.3.gz');
});

test('a file of which no time can be read is searched, for who knows, and its trouble is told', async () => {
  const folder = rotatedLog();
  writeFileSync(join(folder, 'app.log.2.gz'), 'no gzip, no time\n');
  const { code, stderr } = await logsGrep(folder, [
    '--rotated',
    '--since',
    `${day(20)}T12:00:00Z`,
    '-e',
    '',
    'app.log',
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain('app.log.2.gz: has no time that can be read');
});

test('times without a year are those of each file’s own last write', async () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string, written: string) => {
    writeFileSync(join(folder, name), text);
    const seconds = Date.parse(written) / 1000;
    utimesSync(join(folder, name), seconds, seconds);
  };
  write('syslog.2.gz', '', '2024-12-31T23:00:00Z');
  writeFileSync(join(folder, 'syslog.2.gz'), gzipSync('Dec 31 22:00:00 host a: older\n'));
  utimesSync(join(folder, 'syslog.2.gz'), 1_735_686_000, 1_735_686_000);
  write('syslog.1', 'Dec 30 10:00:00 host a: old\nDec 31 23:30:00 host a: late\n', '2025-12-31T23:59:00Z');
  write('syslog', 'Jan  1 00:10:00 host a: new\n', '2026-01-01T00:30:00Z');
  const now = () => new Date('2026-01-01T01:00:00Z');
  const { stdout, stderr } = await logsGrep(folder, ['--rotated', '-I', '--since', '2h', '-e', '', 'syslog'], { now });
  expect([stdout, stderr]).toEqual(['Dec 31 23:30:00 host a: late\nJan  1 00:10:00 host a: new\n', '']);
});

test('a glob that has the rotated files, too, has each of them once and in order', async () => {
  const folder = rotatedLog();
  const { stdout } = await logsGrep(folder, ['--rotated', '-c', '-e', 'x of', 'app.log*']);
  expect(stdout).toBe('app.log.3.gz:24\napp.log.2.gz:24\napp.log.1:24\napp.log:24\n');
});

test('a threshold counts over the bounds of files', async () => {
  const folder = rotatedLog();
  const words = ['--rotated', '--threshold', '40/48h', '-e', 'x of', 'app.log'];
  expect((await logsGrep(folder, words)).code).toBe(1);
  expect((await logsGrep(folder, words.slice(1))).code).toBe(0);
});
