import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { logsGrep, temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';
import { randomNumbers } from '../lib/logs/random-numbers.ts';
import { inWindow, lineFormats, randomEvents, textOf, type WrittenEvent } from '../lib/logs/query/window-logs.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const noon = Date.parse('2026-11-20T12:00:00Z');
const now = () => new Date(noon);

function folderWith(files: Record<string, string | Buffer>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Windows that begin and end at events, between them, before and behind all of them. */
function windowsOf(events: readonly WrittenEvent[], seed: number): { sinceMs?: number; untilMs?: number }[] {
  const random = randomNumbers(seed + 991);
  const some = () => events[random(events.length)]!.timeMs + (random(2) === 0 ? 0 : (random(7) - 3) * 1000);
  const [one, other] = [some(), some()].toSorted((left, right) => left - right);
  return [
    { sinceMs: one! },
    { untilMs: other! },
    { sinceMs: one!, untilMs: other! + 1000 },
    { sinceMs: events[0]!.timeMs - 10_000, untilMs: events[0]!.timeMs },
    { sinceMs: events.at(-1)!.timeMs + 10_000 },
  ];
}

function words({ sinceMs, untilMs }: { sinceMs?: number; untilMs?: number }): string[] {
  return [
    ...(sinceMs === undefined ? [] : ['--since', iso(sinceMs)]),
    ...(untilMs === undefined ? [] : ['--until', iso(untilMs)]),
  ];
}

describe.each(Object.keys(lineFormats))('a window of a log with %s', (format) => {
  const option = lineFormats[format]!.option;
  const base = option === undefined ? [] : ['--time-format', option];

  test('has the events that a look at each of them finds in it, whole ones', async () => {
    for (const [seed, count, width] of [
      [1, 40, 30],
      [2, 3000, 200],
    ] as const) {
      const events = randomEvents(seed, { format, fromMs: noon - 3_600_000, durationMs: 3_500_000, count, width });
      const text = textOf(events);
      const folder = folderWith({ 'app.log': text });
      utimesSync(join(folder, 'app.log'), noon / 1000, noon / 1000);
      for (const window of windowsOf(events, seed)) {
        const run = await logsGrep(folder, [...base, ...words(window), 'app.log'], { now });
        const expected = textOf(inWindow(events, window));
        expect([window, run.stderr]).toEqual([window, '']);
        expect(run.stdout === expected, `${JSON.stringify(window)} of ${count}`).toBe(true);
        expect(run.code).toBe(expected === '' ? 1 : 0);
      }
    }
  });
});

describe('a syslog without years', () => {
  const format = 'syslog without a year';
  test.each([
    ['New Year', '2025-12-31T20:00:00Z', '2026-01-01T06:00:00Z'],
    ['a leap day', '2024-02-28T20:00:00Z', '2024-03-01T06:00:00Z'],
  ])('knows the year on both sides of %s', async (_, from, to) => {
    const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
    for (const count of [60, 5000]) {
      const events = randomEvents(7, { format, fromMs, durationMs: (toMs - fromMs) * 0.9, count, width: 80 });
      const folder = folderWith({ syslog: textOf(events) });
      const written = events.at(-1)!.timeMs / 1000;
      utimesSync(join(folder, 'syslog'), written, written);
      for (const window of windowsOf(events, count)) {
        const { stdout, stderr } = await logsGrep(folder, [...words(window), 'syslog'], { now });
        expect(stderr).toBe('');
        expect(stdout === textOf(inWindow(events, window)), JSON.stringify(window)).toBe(true);
      }
    }
  });
});

const sorted = randomEvents(11, {
  format: 'ISO with a zone',
  fromMs: noon - 3_600_000,
  durationMs: 3_500_000,
  count: 4000,
  width: 160,
});
const window = { sinceMs: noon - 2_400_000, untilMs: noon - 1_800_000 };
const windowWords = words(window);

describe('a window together with', () => {
  const text = textOf(sorted);
  const within = inWindow(sorted, window);
  const lines = within.flatMap((event) => event.lines);
  const all = text.split('\n').slice(0, -1);
  const first = all.indexOf(lines[0]!);
  const behind = first + lines.length;

  test('a PATTERN, -v, -c, -o, -i, -w, -x and -m', async () => {
    const folder = folderWith({ 'app.log': text });
    const run = async (...more: string[]) => (await logsGrep(folder, [...windowWords, ...more, 'app.log'])).stdout;
    const needles = lines.filter((line) => line.includes('needle'));
    const others = lines.filter((line) => !line.includes('needle'));
    const joined = (some: readonly string[]) => some.map((line) => `${line}\n`).join('');
    expect(await run('needle')).toBe(joined(needles));
    expect(await run('-v', 'needle')).toBe(joined(others));
    expect(await run('-c', 'needle')).toBe(`${needles.length}\n`);
    expect(await run('-c', '-v', '-e', 'needle')).toBe(`${others.length}\n`);
    expect(await run('-c')).toBe(`${lines.length}\n`);
    expect(await run('-o', 'needle')).toBe(joined(needles.map(() => 'needle')));
    expect(await run('-i', 'NEEDLE')).toBe(joined(needles));
    expect(await run('-x', '  needle in a trace')).toBe(joined(needles.filter((line) => line.endsWith('trace'))));
    expect(await run('-m', '3', 'needle')).toBe(joined(needles.slice(0, 3)));
    expect(await run('-l', 'needle')).toBe('app.log\n');
    expect(await run('-L', 'needle')).toBe('');
  });

  test('-n, which counts the lines of the whole file', async () => {
    const folder = folderWith({ 'app.log': text });
    const { stdout } = await logsGrep(folder, [...windowWords, '-n', 'app.log']);
    expect(stdout).toBe(lines.map((line, index) => `${first + index + 1}:${line}\n`).join(''));
  });

  test('-A, -B and -C, whose lines are those of the file, also outside of the window', async () => {
    for (const name of ['app.log', 'app.log.gz']) {
      const folder = folderWith({ 'app.log': text, 'app.log.gz': gzipSync(text) });
      const shown = async (...more: string[]) => (await logsGrep(folder, [...windowWords, ...more, name])).stdout;
      const of = (from: number, to: number) =>
        all
          .slice(from, to)
          .map((line) => `${line}\n`)
          .join('');
      expect(await shown('-A', '3'), name).toBe(of(first, behind + 3));
      expect(await shown('-B', '4'), name).toBe(of(first - 4, behind));
      expect(await shown('-C', '200'), name).toBe(of(first - 200, behind + 200));
      expect(await shown('-C', '100000'), name).toBe(text);
      const numbered = await shown('-n', '-B', '2', '-m', '1');
      expect(numbered, name).toBe(
        `${first - 1}-${all[first - 2]}\n${first}-${all[first - 1]}\n${first + 1}:${all[first]}\n`,
      );
    }
  });

  test('compressed files, a byte order mark, standard input and CRLF', async () => {
    const expected = textOf(within);
    const crlf = (some: string) => some.replaceAll('\n', '\r\n');
    const folder = folderWith({
      'a.log': gzipSync(text),
      'b.log': zstdCompressSync(text),
      'c.log': `\uFEFF${text}`,
      'd.log': crlf(text),
      'e.log': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
    });
    for (const name of ['a.log', 'b.log', 'c.log', 'e.log']) {
      const { stdout, stderr } = await logsGrep(folder, [...windowWords, name]);
      expect([name, stderr, stdout === expected]).toEqual([name, '', true]);
    }
    expect((await logsGrep(folder, [...windowWords, 'd.log'])).stdout === crlf(expected)).toBe(true);
    const piped = await logsGrep(folder, [...windowWords, '-e', '', '-'], { stdin: text });
    expect([piped.stderr, piped.stdout === expected]).toEqual(['', true]);
    // Everything from the first line on: the mark is no part of it.
    const whole = await logsGrep(folder, ['--until', iso(noon), 'c.log']);
    expect(whole.stdout === text).toBe(true);
  });

  test('several files and a directory, each line with its name', async () => {
    const folder = folderWith({ 'logs/a.log': text, 'logs/sub/b.log': gzipSync(text), 'c.log': 'no needle\n' });
    const run = await logsGrep(folder, [...windowWords, '-c', '-e', 'needle', 'logs']);
    const count = lines.filter((line) => line.includes('needle')).length;
    expect(run.stdout.split('\n').toSorted().join(' ').trim()).toBe(`logs/a.log:${count} logs/sub/b.log:${count}`);
    const some = await logsGrep(folder, [...windowWords, '-e', 'needle', 'logs/a.log', 'c.log']);
    expect(some.code).toBe(2);
    expect(some.stderr).toContain("c.log: has no time that can be read, in lines such as 'no needle'");
    expect(some.stderr).toContain('--time-format');
    expect(some.stdout.split('\n').filter((line) => line.startsWith('logs/a.log:'))).toHaveLength(count);
  });

  test('--around and --within', async () => {
    const folder = folderWith({ 'app.log': text });
    const middle = noon - 2_100_000;
    const around = async (...more: string[]) =>
      (await logsGrep(folder, ['--around', iso(middle), ...more, 'app.log'])).stdout;
    expect(await around()).toBe(textOf(inWindow(sorted, window)));
    const near = { sinceMs: middle - 90_000, untilMs: middle + 90_000 };
    expect(await around('--within', '90s')).toBe(textOf(inWindow(sorted, near)));
  });

  test('records, whose times and order are those of the lines', async () => {
    const folder = folderWith({ 'app.log': text });
    const { stdout } = await logsGrep(folder, [...windowWords, '--output', 'jsonl', 'app.log']);
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { time: string; text: string });
    expect(records.map((record) => record.text)).toEqual(lines);
    const times = within.flatMap(({ timeMs, lines: own }) => own.map(() => timeMs));
    expect(records.map(({ time }) => Date.parse(time))).toEqual(times);
  });
});

describe('a log that is not sorted', () => {
  const format = 'ISO with a zone';
  const make = (count: number) =>
    randomEvents(5, { format, fromMs: noon - 3_600_000, durationMs: 3_500_000, count, width: 160 });

  test('by two seconds is sorted enough: the answer is whole and nothing is said', async () => {
    for (const count of [50, 4000]) {
      const events = randomEvents(6, {
        format,
        fromMs: noon - 3_600_000,
        durationMs: 3_500_000,
        count,
        disorderMs: 1900,
        width: 160,
      });
      const folder = folderWith({ 'app.log': textOf(events) });
      for (const some of windowsOf(events, count)) {
        const { stdout, stderr } = await logsGrep(folder, [...words(some), 'app.log']);
        expect(stderr).toBe('');
        expect(stdout === textOf(inWindow(events, some)), JSON.stringify(some)).toBe(true);
      }
    }
  });

  test.each([
    ['two logs one behind the other', (events: WrittenEvent[]) => [...events.slice(2000), ...events.slice(0, 2000)]],
    ['reversed', (events: WrittenEvent[]) => events.toReversed()],
  ])('%s: is searched whole, and that is said', async (_, change) => {
    const events = change(make(4000));
    const folder = folderWith({ 'app.log': textOf(events) });
    const { code, stdout, stderr } = await logsGrep(folder, [...windowWords, 'app.log']);
    expect(stderr).toMatch(
      /^devops: app\.log: is not sorted by time \(.* at byte \d+ after .*\): all of it is searched\n$/,
    );
    expect(stdout === textOf(inWindow(events, window))).toBe(true);
    expect(code).toBe(0);
  });

  test('which shows only while the window is read: the rest is searched, too, and each event comes once', async () => {
    const events = make(12_000);
    const at = events.findIndex(({ timeMs }) => timeMs >= noon - 2_100_000);
    // An event of an hour later stands in the middle of the window, where no probe has looked.
    const late = { timeMs: noon + 3_600_000, lines: [`${iso(noon + 3_600_000)} displaced`] };
    const changed = [...events.slice(0, at), late, ...events.slice(at)];
    const early = { timeMs: window.sinceMs + 1, lines: [`${iso(window.sinceMs + 1)} written late`] };
    changed.splice(10_900, 0, early);
    const folder = folderWith({ 'app.log': textOf(changed) });
    const { stdout, stderr } = await logsGrep(folder, [...windowWords, 'app.log']);
    expect(stderr).toContain('is not sorted by time');
    const expected = textOf(inWindow(changed, window));
    expect(stdout.split('\n').toSorted()).toEqual(expected.split('\n').toSorted());
    const counted = await logsGrep(folder, [...windowWords, '-c', 'app.log']);
    expect(counted.stdout).toBe(`${expected.split('\n').length - 1}\n`);
  });
});

describe('local times', () => {
  test('are those of --tz, and of the machine without it', async () => {
    const folder = folderWith({ 'app.log': '2026-11-20 13:00:00 one\n2026-11-20 14:00:00 two\n' });
    const run = (...more: string[]) =>
      logsGrep(folder, ['--since', '2026-11-20T13:00:00Z', ...more, 'app.log']).then(({ stdout }) => stdout);
    expect(await run()).toBe('2026-11-20 13:00:00 one\n2026-11-20 14:00:00 two\n');
    expect(await run('--tz', 'Europe/Berlin')).toBe('2026-11-20 14:00:00 two\n');
    const berlin = await logsGrep(folder, ['--since', '14:00', 'app.log'], { now, env: { TZ: 'Europe/Berlin' } });
    expect(berlin.stdout).toBe('2026-11-20 14:00:00 two\n');
    const wrong = await logsGrep(folder, ['--since', '14:00', '--tz', 'Mars/Olympus', 'app.log'], { now });
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  });

  test('that clocks showed twice are told apart by their order, and those that they skipped do no harm', async () => {
    // 02:00 to 03:00 came twice on 25 October in Berlin, and never on 29 March.
    const autumn = ['01:59', '02:00', '02:30', '02:59', '02:00', '02:30', '02:59', '03:00'];
    const spring = ['01:30', '01:59', '03:00', '03:30'];
    const logOf = (day: string, times: readonly string[]) =>
      times.map((time, index) => `${day} ${time}:00 line ${index}\n`).join('');
    const folder = folderWith({ autumn: logOf('2026-10-25', autumn), spring: logOf('2026-03-29', spring) });
    const numbers = async (file: string, since: string, until: string) => {
      const { stdout } = await logsGrep(folder, ['--tz', 'Europe/Berlin', '--since', since, '--until', until, file]);
      return [...stdout.matchAll(/line (\d)/g)].map(([, number]) => Number(number)).join('');
    };
    expect(await numbers('autumn', '2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z')).toBe('123');
    expect(await numbers('autumn', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z')).toBe('456');
    expect(await numbers('autumn', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z')).toBe('234');
    expect(await numbers('autumn', '2026-10-24T23:59:00Z', '2026-10-25T02:00:01Z')).toBe('01234567');
    expect(await numbers('spring', '2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z')).toBe('1');
    expect(await numbers('spring', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z')).toBe('23');
  });
});

describe('without an answer', () => {
  const some = '2026-11-20T10:00:00Z one\n2026-11-20T11:00:00Z two\n';

  test('nothing in the window is 1', async () => {
    const folder = folderWith({ 'app.log': some, empty: '' });
    expect(await logsGrep(folder, ['--since', '2026-11-20T12:00:00Z', 'app.log'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: '',
    });
    expect(await logsGrep(folder, ['--since', '2026-11-20T12:00:00Z', 'empty'])).toMatchObject({ code: 1, stderr: '' });
  });

  test('no readable time is 2, with a line to look at and the option to use', async () => {
    const folder = folderWith({ 'app.log': '\n\u001B[31mred\u001B[0m hello there\nworld\n' });
    const { code, stdout, stderr } = await logsGrep(folder, ['--since', '1h', 'app.log'], { now });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^devops: error: app\.log: has no time that can be read, in lines such as '.*hello there'\n/,
    );
    expect(stderr).not.toContain('\u001B');
    expect(stderr).toMatch(/devops: hint: .*--time-format/);
    const piped = await logsGrep(folder, ['--since', '1h', '-e', '', '-'], { now, stdin: 'hello\n' });
    expect([piped.code, piped.stdout]).toEqual([2, '']);
    expect(piped.stderr).toContain("in lines such as 'hello'");
  });

  test.each([
    [['--since', '2026-11-20T12:00:00Z', '--until', '2026-11-20T11:00:00Z'], /no time is both since .* and before/],
    [['--since', '2026-11-20T12:00:00Z', '--until', '2026-11-20T12:00:00Z'], /no time is both since/],
    [['--since', 'sometime'], /--since.*'sometime' is not a time/],
    [['--around', '12:00', '--since', '1h'], /cannot be used together/],
    [['--within', '5m'], /--within belongs to --around/],
    [['--around', '12:00', '--within', 'x'], /--within/],
    [['--since', '1h', '--time-format', '%Q'], /--time-format/],
  ])('%j is refused with 2', async (options, message) => {
    const folder = folderWith({ 'app.log': some });
    const { code, stdout, stderr } = await logsGrep(folder, [...options, '-e', '', 'app.log'], { now });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('devops: hint: ');
  });
});

describe('lines without a time', () => {
  test('before the first one belong to a window without a beginning only', async () => {
    const text = 'banner\nversion 1\n2026-11-20T10:00:00Z one\n2026-11-20T11:00:00Z two\n';
    const folder = folderWith({ 'app.log': text, 'app.log.gz': gzipSync(text) });
    for (const name of ['app.log', 'app.log.gz']) {
      const run = async (...options: string[]) => (await logsGrep(folder, [...options, name])).stdout;
      expect(await run('--until', '2026-11-20T10:30:00Z'), name).toBe('banner\nversion 1\n2026-11-20T10:00:00Z one\n');
      expect(await run('--since', '2026-11-20T10:00:00Z'), name).toBe(
        '2026-11-20T10:00:00Z one\n2026-11-20T11:00:00Z two\n',
      );
    }
  });

  test('of JSON were written at the time of the one before', async () => {
    const text = [
      '{"time":"2026-11-20T10:00:00Z","msg":"one"}',
      '{"msg":"behind one"}',
      '{"time":"2026-11-20T11:00:00Z","msg":"two"}',
      '{"msg":"behind two"}',
      '{"time":"2026-11-20T12:00:00Z","msg":"three"}',
    ].join('\n');
    const folder = folderWith({ 'app.log': `${text}\n`, 'app.log.gz': gzipSync(text) });
    for (const name of ['app.log', 'app.log.gz']) {
      const options = ['--since', '2026-11-20T10:30:00Z', '--until', '2026-11-20T11:30:00Z', '-e', 'behind', name];
      expect((await logsGrep(folder, options)).stdout, name).toBe('{"msg":"behind two"}\n');
    }
  });
});

test('an event of many lines is in or out as a whole, over the bounds of what is read at once', async () => {
  const trace = `${'  at place.of.code(File.java:1)\n'.repeat(12_000)}  needle\n`;
  const text = `2026-11-20T10:00:00Z one\n${trace}2026-11-20T11:00:00Z two\n${trace}2026-11-20T12:00:00Z three\n`;
  const folder = folderWith({ 'app.log': text, 'app.log.gz': gzipSync(text) });
  for (const name of ['app.log', 'app.log.gz']) {
    const run = async (...more: string[]) => (await logsGrep(folder, [...more, name])).stdout;
    const middle = ['--since', '2026-11-20T10:30:00Z', '--until', '2026-11-20T11:30:00Z'];
    expect((await run(...middle)) === `2026-11-20T11:00:00Z two\n${trace}`, name).toBe(true);
    expect(await run(...middle, '-n', 'needle'), name).toBe('24004:  needle\n');
  }
});
