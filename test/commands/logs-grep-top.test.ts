import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { LogBucket, LogTemplate } from '../../src/lib/logs/log-records.ts';
import { logsGrep, temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';
import { startShell } from '../support/start-devops.ts';

const begin = Date.parse('2026-11-20T14:00:00Z');
const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString();

/** A line every ten seconds for an hour, a burst of errors from 14:20 to 14:21, and stack traces. */
const log = Array.from({ length: 360 }, (_, index) => {
  const order = `${at(index * 10)} INFO order ${index} taken in ${(index * 7) % 90} ms\n`;
  if (index < 120 || index >= 126) return order;
  return `${order}${at(index * 10)} ERROR payment ${index} refused\n    at shop.Payment.take(Payment.java:7)\n`.repeat(
    5,
  );
}).join('');

function scene(content = log) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'shop.log'), content);
  const run = (words: readonly string[], terminalColumns?: number) =>
    logsGrep(folder, [...words, 'shop.log'], terminalColumns === undefined ? {} : { terminalColumns });
  return {
    folder,
    run,
    async records<Kind>(...words: string[]): Promise<Kind[]> {
      const { stdout, stderr, code } = await run([...words, '--json']);
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      return JSON.parse(stdout) as Kind[];
    },
  };
}

describe('--top', () => {
  test('is the most frequent kinds of lines, the events of stack traces once', async () => {
    const templates = await scene().records<LogTemplate>('--top', '5');
    expect(templates.map(({ template, count }) => [count, template])).toEqual([
      [384, '<*> INFO order <*> taken in <*> ms'],
      [30, '<*> ERROR payment <*> refused'],
    ]);
    expect(templates.reduce((sum, { share_pct: share }) => sum + share, 0)).toBeCloseTo(100);
    expect(templates[1]!.sample).toBe(`${at(1200)} ERROR payment 120 refused`);
  });

  test('is as many as were asked for', async () => {
    expect(await scene().records('--top', '1')).toHaveLength(1);
  });

  test.each([
    [['refused'], 30],
    [['--level', 'error'], 30],
    [['--since', at(3000)], 60],
    [['--since', at(0), '--until', at(100)], 10],
    [['-v', 'order|at shop'], 30],
  ])('of what %j finds is %i lines', async (words, count) => {
    const templates = await scene().records<LogTemplate>('--top', '9', ...words);
    expect(templates.reduce((sum, { count: one }) => sum + one, 0)).toBe(count);
  });

  test('off a terminal is tab-separated, in CSV has a header', async () => {
    const { run } = scene();
    const { stdout } = await run(['--top', '1']);
    expect(stdout).toMatch(/^384\t92\.75\t<\*> INFO order <\*> taken in <\*> ms\n$/);
    const rows = parseCsv((await run(['--top', '2', '--output', 'csv'])).stdout, { columns: true });
    expect(rows).toMatchObject([{ count: '384' }, { count: '30', template: '<*> ERROR payment <*> refused' }]);
  });

  test('on a terminal is a table of its width that says how much of all it is', async () => {
    const { stdout } = await scene().run(['--top', '2'], 80);
    expect(stdout.split('\n').every((line) => plain(line).length <= 80)).toBe(true);
    expect(plain(stdout)).toMatch(/COUNT +SHARE +TEMPLATE\n +384 +92\.8% +<\*> INFO order/);
    expect(plain(stdout)).toContain('2 templates are 100.0% of what was found');
  });

  test('of nothing is nothing, and exit code 1 as of grep', async () => {
    const { run } = scene();
    expect(await run(['--top', '3', 'nothing like it'])).toMatchObject({ code: 1, stdout: '' });
    expect((await run(['--top', '3', 'nothing like it', '--json'])).stdout).toBe('[]\n');
  });

  test.each(['0', '-1', 'x', '1.5'])('%s is refused', async (count) => {
    expect((await scene().run(['--top', count])).code).toBe(2);
  });

  test('a hostile line is harmless on a terminal', async () => {
    const { stdout } = await scene(`${at(0)} ERROR \u001b]0;owned\u0007 \u001b[2J\u0000 \u202e end\n`).run(
      ['--top', '1'],
      80,
    );
    expect(plain(stdout)).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F\u202E]/u);
    expect(stdout).toContain(String.raw`\u202e end`);
  });
});

describe('--histogram', () => {
  /** Of all lines, how many lie in each bucket, by a scan of our own. */
  function byScan(buckets: readonly LogBucket[], pattern: RegExp): number[] {
    let time = 0;
    const times = log
      .trimEnd()
      .split('\n')
      .flatMap((line) => {
        time = Date.parse(line.slice(0, 24)) || time;
        return pattern.test(line) ? [time] : [];
      });
    const within = ({ start, end }: LogBucket) =>
      times.filter((each) => each >= Date.parse(start) && each < Date.parse(end)).length;
    const counts = buckets.map(within);
    if (counts.reduce((sum, count) => sum + count, 0) !== times.length) throw new Error('a time is in no bucket');
    return counts;
  }

  test('counts lines in buckets of one size without a gap', async () => {
    const buckets = await scene().records<LogBucket>('--histogram');
    expect(buckets.map(({ count }) => count)).toEqual(byScan(buckets, /^/));
    for (const [index, { start }] of buckets.entries()) if (index > 0) expect(start).toBe(buckets[index - 1]!.end);
  });

  test.each([
    [['refused'], /refused/],
    [['-v', 'order'], /^(?!.*order)/],
    [['--level', 'error'], /ERROR|^ /],
  ])('of what %j finds counts that alone', async (words, pattern) => {
    const buckets = await scene().records<LogBucket>('--histogram', ...words);
    expect(buckets.map(({ count }) => count)).toEqual(byScan(buckets, pattern));
  });

  test('shows a window whole, with nothing at its ends', async () => {
    const buckets = await scene().records<LogBucket>('--histogram', '--since', at(600), '--until', at(1800), 'refused');
    expect(Date.parse(buckets[0]!.start)).toBe(begin + 600_000);
    expect(Date.parse(buckets.at(-1)!.end)).toBe(begin + 1800_000);
    expect(buckets[0]!.count).toBe(0);
  });

  test('has times of --tz', async () => {
    const [first] = await scene().records<LogBucket>('--histogram', '--tz', 'Asia/Kolkata');
    expect(first!.start).toBe('2026-11-20T19:30:00+05:30');
  });

  test.each([40, 80, 200])(
    'on a terminal of %i columns has bars that fit, and says when most came',
    async (columns) => {
      const { stdout } = await scene().run(['--histogram'], columns);
      const lines = plain(stdout).split('\n');
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect(lines[0]).toMatch(/^START +COUNT/);
      expect(plain(stdout).replaceAll(/\s+/g, ' ')).toMatch(/most at 2026-11-20 14:20(:00)?: \d+; times: UTC/);
      const bars = lines.map((line) => (line.match(/[█▏▎▍▌▋▊▉#]/gu) ?? []).length);
      expect(Math.max(...bars)).toBeGreaterThanOrEqual(8);
    },
  );

  test('off a terminal is tab-separated, in CSV has a header', async () => {
    const { run } = scene();
    const buckets = await scene().records<LogBucket>('--histogram');
    const rows = buckets.map(({ start, end, count }) => [start, end, String(count)]);
    const { stdout } = await run(['--histogram']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')),
    ).toEqual(rows);
    const csv = parseCsv((await run(['--histogram', '--output', 'csv'])).stdout, { columns: true }) as LogBucket[];
    expect(csv.map(({ start, end, count }) => [start, end, count])).toEqual(rows);
  });

  test('says how many lines have no time', async () => {
    const { code, stdout, stderr } = await scene(`a banner\n${at(0)} INFO one\n`).run(['--histogram']);
    expect({ code, rows: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, rows: 1 });
    expect(stderr).toBe('devops: 1 of 2 lines have no time that can be read\n');
  });

  test('of nothing is nothing, and exit code 1 as of grep', async () => {
    expect(await scene().run(['--histogram', 'nothing like it'])).toMatchObject({ code: 1, stdout: '' });
  });
});

test.each([[['--top', '3', '--histogram']], [['--top', '3', '--follow']], [['--histogram', '--follow']]])(
  '%j is refused',
  async (words) => {
    const { code, stderr } = await scene().run(words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot be used together/);
  },
);

test('as a process, --top reads a pipe', async () => {
  const { folder } = scene();
  const { exitCode, stdout } = await startShell('cat shop.log | $DEVOPS logs-grep --top 1', { cwd: folder });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^384\t/) as string });
});

function plain(text: string): string {
  return text.replaceAll(/\u001B\[[\d;]*[mK]/g, '');
}
