import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logsGrep, temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';

// What no single format describes: a program that changed its format, a container's output, an alert over what it cannot see.

const old = (count: number) => Array.from({ length: count }, (_, index) => `2026-11-20 17:00:00 INFO old ${index}`);
const json = '{"level":"error","time":"2026-11-20T18:10:06Z","msg":"db down","status":503}';

function scene(lines: readonly string[]) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'app.log'), `${lines.join('\n')}\n`);
  return {
    folder,
    run: (...words: string[]) => logsGrep(folder, ['--tz', 'UTC', ...words, 'app.log']),
  };
}

test.each([[10], [50], [20_000]])(
  'after %i lines of another format JSON lines have times, levels and fields',
  async (count) => {
    const { run } = scene([...old(count), ...Array<string>(7).fill(json)]);
    expect((await run('-c', '--level', 'error')).stdout).toBe('7\n');
    expect((await run('-c', '--since', '2026-11-20 18:00', 'db down')).stdout).toBe('7\n');
    expect((await run('-c', '--where', 'status==503')).stdout).toBe('7\n');
    expect(await run('--alert', '-q', '--level', 'error')).toMatchObject({ code: 1 });
  },
);

test.each([
  [
    'an access log',
    '10.0.0.1 - - [20/Nov/2026:17:00:00 +0000] "GET / HTTP/1.1" 503 12 "-" "-"',
    '--where',
    'status==503',
  ],
  ['JSON', json, '--level', 'error'],
  ['klog', 'E1120 17:00:00.000000       1 main.go:7] it broke', '--level', 'error'],
  ['syslog', 'Nov 20 17:00:00 host app[1]: ERROR it broke', '--level', 'error'],
  ['a level without a time', 'ERROR:root:it broke', '--level', 'error'],
  ['a panic', 'panic: it broke', '--level', 'error'],
])('between the lines of another program, those of %s are found by themselves', async (_, line, ...words) => {
  const { run } = scene(old(60).flatMap((each) => [each, line]));
  expect((await run('-c', ...words)).stdout).toBe('60\n');
});

test('a time within a stack trace does not make an event of it', async () => {
  const trace = [
    'java.lang.IllegalStateException: no answer',
    '\tat shop.Cart.total(Cart.java:7)',
    'Caused by: since 17:00',
  ];
  const { run } = scene(['2026-11-20 17:00:00 ERROR a', ...trace, '2026-11-20 17:00:01 INFO b']);
  expect((await run('-c', '--level', 'error')).stdout).toBe('4\n');
  expect((await run('--multiline', '-c', 'no answer')).stdout).toBe('1\n');
});

test('a named format that fits no line is an error, never an empty answer', async () => {
  const { run } = scene(old(100));
  for (const format of ['syslog', 'clf', 'epoch', '%Y/%m/%d']) {
    const { code, stdout, stderr } = await run('--time-format', format, '--since', '2026-11-20', '-c', 'old');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("has no time that can be read, in lines such as '2026-11-20 17:00:00 INFO old 0'");
  }
});

test('old lines at the very end are seen, and all is searched', async () => {
  const late = Array.from({ length: 60_000 }, (_, at) => new Date(Date.UTC(2026, 10, 20, 0, 0, at)).toISOString());
  const { run } = scene([...late.map((time) => `${time} INFO x`), `${late[9]!} ERROR put in late`]);
  const { stdout, stderr } = await run('--until', '2026-11-20T00:01:00Z', 'put in late');
  expect(stdout).toContain('put in late');
  expect(stderr).toContain('is not sorted by time');
});

test('a glob that the shell wrote out does not make a pattern of the first log', async () => {
  const { run, folder } = scene(['2026-11-20 17:00:00 ERROR a']);
  writeFileSync(join(folder, 'b.log'), '2026-11-20 17:00:00 ERROR b\n');
  const { code, stderr } = await run('--level', 'error', 'b.log');
  expect(code).toBe(2);
  expect(stderr).toContain("'b.log' would be the PATTERN");
});

test('a rule is undecided where not all could be read, or not long enough', async () => {
  const { folder } = scene(['2026-11-20 17:00:00 ERROR a']);
  const judge = async (...words: string[]) => {
    const { stdout } = await logsGrep(folder, ['--tz', 'UTC', '--json', '--threshold', '6/10m', 'ERROR', ...words], {
      now: () => new Date('2026-11-20T17:01:00Z'),
    });
    return JSON.parse(stdout) as { kind: string; status: string }[];
  };
  expect((await judge('app.log', 'gone.log')).map(({ status }) => status)).toContain('unknown');
  expect(await judge('--since', '5m', 'app.log')).toMatchObject([{ kind: 'rule', status: 'unknown' }]);
  expect(await judge('--since', '10m', 'app.log')).toMatchObject([{ kind: 'rule', status: 'ok' }]);
});

test('what was named in several ways counts once in an alert', async () => {
  const { folder } = scene(['ERROR a']);
  const { stdout } = await logsGrep(folder, ['--alert', '--json', 'ERROR', '.', './app.log', '*.log']);
  expect(JSON.parse(stdout)).toMatchObject([{ count: 1 }]);
});

test('links out of a directory are followed, as those of /var/log/containers', async () => {
  const { folder } = scene(['ERROR a']);
  mkdirSync(join(folder, 'containers'));
  symlinkSync('../app.log', join(folder, 'containers/web.log'));
  expect((await logsGrep(folder, ['ERROR', 'containers'])).stdout).toBe('containers/web.log:ERROR a\n');
  expect((await logsGrep(folder, ['-c', 'ERROR', '.'])).stdout).toBe('./app.log:1\n');
});
