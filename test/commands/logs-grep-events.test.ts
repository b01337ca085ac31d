import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { logsGrep, temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';

/** Runs on one log, plain, compressed and from a pipe, which all have to say the same. */
async function grep(text: string, words: readonly string[]): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'app.log'), text);
  writeFileSync(join(folder, 'app.log.gz'), gzipSync(text));
  const hasPattern = words.some((word) => word === '-e');
  const all = hasPattern ? words : ['-e', '', ...words];
  const plain = await logsGrep(folder, [...all, 'app.log']);
  const compressed = await logsGrep(folder, [...all, 'app.log.gz']);
  const piped = await logsGrep(folder, [...all, '-'], { stdin: text });
  expect([plain.stderr, compressed.stderr, piped.stderr]).toEqual(['', '', '']);
  expect(compressed.stdout).toBe(plain.stdout);
  expect(piped.stdout).toBe(plain.stdout);
  expect([compressed.code, piped.code]).toEqual([plain.code, plain.code]);
  expect(plain.code).toBe(plain.stdout === '' ? 1 : 0);
  return plain.stdout;
}

const levels = `banner without a level
2026-11-20T10:00:00Z DEBUG a
2026-11-20T10:00:01Z INFO b
2026-11-20T10:00:02Z WARN c
  behind c
2026-11-20T10:00:03Z ERROR d
java.lang.IllegalStateException: broken
\tat com.example.Main(Main.java:1)
Caused by: java.io.IOException: INFO of no meaning
2026-11-20T10:00:04Z FATAL e
2026-11-20T10:00:05Z no level at all
  ERROR in a line behind it
2026-11-20T10:00:06Z INFO f says ERROR
`;

/** The letters at the ends of the events' first lines, and the lines behind them as dots. */
const short = (text: string): string =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => /^2026\S+ [A-Z]+ (\w)/.exec(line)?.[1] ?? '.')
    .join('');

describe('--level', () => {
  test.each([
    ['error', 'd...e'],
    ['warning', 'c.d...e'],
    ['WARN', 'c.d...e'],
    ['info', 'bc.d...ef'],
    ['=error', 'd...'],
    ['=info', 'bf'],
    ['error,info', 'bd...f'],
    ['debug..info', 'abf'],
    ['info..warning', 'bc.f'],
    ['warning..critical', 'c.d...e'],
    ['emergency', ''],
  ])('%s has %j, the lines behind an event with it', async (level, expected) => {
    expect(short(await grep(levels, ['--level', level]))).toBe(expected);
  });

  test('and a PATTERN both have to hold; -v inverts the PATTERN only', async () => {
    expect(await grep(levels, ['--level', 'error', '-e', 'Main'])).toBe('\tat com.example.Main(Main.java:1)\n');
    expect(short(await grep(levels, ['--level', 'error', '-v', '-e', 'Main']))).toBe('d..e');
    expect(await grep(levels, ['--level', 'error', '-c', '-e', 'ERROR'])).toBe('1\n');
    expect(await grep(levels, ['--level', 'error', '-o', '-e', 'java[.a-zA-Z]+'])).toBe(
      'java.lang.IllegalStateException\njava.io.IOException\n',
    );
  });

  test('with numbers and lines around what is found', async () => {
    expect(await grep(levels, ['--level', '=error', '-n', '-B', '1'])).toBe(
      '5-  behind c\n6:2026-11-20T10:00:03Z ERROR d\n7:java.lang.IllegalStateException: broken\n' +
        '8:\tat com.example.Main(Main.java:1)\n9:Caused by: java.io.IOException: INFO of no meaning\n',
    );
  });

  test('is read from fields of JSON and logfmt', async () => {
    const json = ['{"level":"error","msg":"a"}', '{"level":30,"msg":"b"}', '{"severity":"WARNING","msg":"c"}', '{}'];
    expect(await grep(`${json.join('\n')}\n`, ['--level', 'warning', '-o', '-e', '"msg":"."'])).toBe(
      '"msg":"a"\n"msg":"c"\n',
    );
    const logfmt = 'level=info msg=a\nlevel=error msg="level=info"\nlvl=warn msg=c\n';
    expect(await grep(logfmt, ['--level', 'error'])).toBe('level=error msg="level=info"\n');
  });

  test.each(['loud', 'error..', '', '=', 'error,loud', 'fatal..debug..info'])('%j is no level', async (level) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'app.log'), levels);
    const { code, stdout, stderr } = await logsGrep(folder, ['--level', level, 'app.log']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('devops: hint: ');
  });
});

describe('--where', () => {
  const json = [
    { time: '2026-11-20T10:00:00Z', status: 200, duration_ms: 5, path: '/a' },
    { time: '2026-11-20T10:00:01Z', status: 500, duration_ms: 1500, path: '/b', user: { name: 'ann' } },
    { time: '2026-11-20T10:00:02Z', status: 503, duration_ms: 20, path: '/c' },
    { time: '2026-11-20T10:00:03Z', status: '500', duration_ms: 2000, path: '/d' },
  ]
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');
  const paths = (text: string) => [...text.matchAll(/"path":"\/(.)"/g)].map(([, path]) => path).join('');

  test('looks at the fields of JSON; several conditions have to hold together', async () => {
    expect(paths(await grep(json, ['--where', 'status>=500']))).toBe('bcd');
    expect(paths(await grep(json, ['--where', 'status>=500 && duration_ms>1000']))).toBe('bd');
    expect(paths(await grep(json, ['--where', 'status>=500', '--where', 'duration_ms>1000']))).toBe('bd');
    expect(paths(await grep(json, ['--where', 'user.name == "ann" || path == "/a"']))).toBe('ab');
    expect(paths(await grep(json, ['--where', 'status==404']))).toBe('');
  });

  test('with a PATTERN, with -v, with a window and with -c', async () => {
    expect(paths(await grep(json, ['--where', 'status>=500', '-e', '/[ab]"']))).toBe('b');
    expect(paths(await grep(json, ['--where', 'status>=500', '-v', '-e', '/[ab]"']))).toBe('cd');
    expect(paths(await grep(json, ['--where', 'status>=500', '--since', '2026-11-20T10:00:02Z']))).toBe('cd');
    expect(await grep(json, ['-c', '--where', 'status>=500'])).toBe('3\n');
  });

  test('looks at logfmt and at access logs', async () => {
    const logfmt = 'status=200 path=/a\nstatus=502 path="/b c"\n  behind b\nstatus=503\n';
    expect(await grep(logfmt, ['--where', 'status==502'])).toBe('status=502 path="/b c"\n  behind b\n');
    const access = [
      '10.0.0.1 - ann [20/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"',
      '10.0.0.2 - - [20/Nov/2026:10:00:01 +0000] "POST /b HTTP/1.1" 503 99 "-" "curl/8"',
    ];
    expect(await grep(`${access.join('\n')}\n`, ['--where', 'status>=500'])).toBe(`${access[1]}\n`);
    expect(await grep(`${access.join('\n')}\n`, ['--where', 'user == "ann"'])).toBe(`${access[0]}\n`);
  });

  test('of an event holds for the lines behind it, also when these have the text that is looked for', async () => {
    const text = '{"status":500}\n  a "status":500\n{"status":200}\n  b "status":500\n{"status":500}\n';
    expect(await grep(text, ['--where', 'status==500'])).toBe('{"status":500}\n  a "status":500\n{"status":500}\n');
  });

  test.each(['status>=', '>= 5', 'status >= 500 &&', '(a == 1', 'a ~ "["'])('%j is refused', async (where) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'app.log'), json);
    const { code, stdout, stderr } = await logsGrep(folder, ['--where', where, 'app.log']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^devops: error: /);
  });
});

describe('--multiline', () => {
  test('prints the whole event when one of its lines matches', async () => {
    expect(short(await grep(levels, ['--multiline', '-e', 'IOException']))).toBe('d...');
    expect(short(await grep(levels, ['--multiline', '-e', 'behind']))).toBe('c...');
    expect(short(await grep(levels, ['--multiline', '-e', 'banner']))).toBe('.');
    expect(short(await grep(levels, ['--multiline', '-e', 'ERROR', '--level', 'warning']))).toBe('d...');
    expect(short(await grep(levels, ['--multiline', '-v', '-e', 'ERROR|banner']))).toBe('abc.e');
    expect(short(await grep(levels, ['--multiline', '-e', 'IO', '--since', '2026-11-20T10:00:04Z']))).toBe('');
  });

  test('knows events by --event-start where they have no time', async () => {
    const text = 'BEGIN a\none\ntwo\nBEGIN b\nthree\nBEGIN c\n';
    expect(await grep(text, ['--event-start', '^BEGIN', '-e', 'three'])).toBe('BEGIN b\nthree\n');
    expect(await grep(text, ['--event-start', '^BEGIN', '-v', '-e', 'three'])).toBe('BEGIN a\none\ntwo\nBEGIN c\n');
  });

  test('takes indented lines for a part of the one before in a log without times', async () => {
    const text = 'Error: broken\n    at a\n    at b\nfine\n';
    expect(await grep(text, ['--multiline', '-e', 'at b'])).toBe('Error: broken\n    at a\n    at b\n');
  });

  test('finds events over the bounds of what is read at once', async () => {
    for (const length of [262_000, 262_144 - 26, 262_144 - 25, 262_144 - 24, 600_000]) {
      const filler = `  ${'y'.repeat(length)}\n`;
      const event = `2026-11-20T10:00:01Z ERROR b\n${filler}  needle\n`;
      const text = `2026-11-20T10:00:00Z INFO a\n${event}2026-11-20T10:00:02Z INFO c\n${filler}`;
      expect((await grep(text, ['--multiline', '-e', 'needle'])) === event, String(length)).toBe(true);
      expect((await grep(text, ['--level', 'error'])) === event, String(length)).toBe(true);
      expect(await grep(text, ['--level', 'error', '-n', '-e', 'needle'])).toBe('4:  needle\n');
    }
  });

  test('an event of more than 8 MiB is searched in pieces, and its level holds for all of them', async () => {
    const folder = temporaryFolder();
    const line = `  ${'z'.repeat(997)}\n`;
    const event = `2026-11-20T10:00:01Z ERROR big\n${line.repeat(9500)}  needle at the end\n`;
    writeFileSync(join(folder, 'app.log'), `${event}2026-11-20T10:00:02Z INFO c\n`);
    const byLevel = await logsGrep(folder, ['--level', 'error', 'app.log']);
    expect(byLevel.stdout === event).toBe(true);
    const found = await logsGrep(folder, ['--multiline', '-e', 'needle', 'app.log']);
    expect(found.code).toBe(0);
    expect(found.stdout.endsWith('  needle at the end\n')).toBe(true);
    const leveled = await logsGrep(folder, ['--multiline', '--level', 'error', '-c', '-e', 'INFO c', 'app.log']);
    expect(leveled.stdout).toBe('0\n');
  });

  test('counts and limits are of events: -c tells how many, -m ends behind the last one', async () => {
    expect(await grep(levels, ['--multiline', '-c', '-e', 'IOException|FATAL'])).toBe('2\n');
    expect(short(await grep(levels, ['--multiline', '-m', '1', '-e', 'IOException|FATAL']))).toBe('d...');
  });
});
