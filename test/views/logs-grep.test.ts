import { expect, test } from 'vitest';
import type { Screen } from '../../src/command.ts';
import type { LogBucket, LogRecord, LogRuleResult } from '../../src/lib/logs/log-records.ts';
import type { RenderSetup } from '../../src/output/renderer.ts';
import { createRenderer as createCsv } from '../../src/output/csv.ts';
import { table } from '../../src/terminal/table.ts';
import { width } from '../../src/terminal/width.ts';
import { compareRecords, logColumns, viewBelow } from '../../src/views/logs-grep.ts';

type Kind = Parameters<typeof logColumns>[0];

const schema = 'devops.logs-grep/1';

const screen = (columns: number, more: Partial<Screen> = {}): Screen => ({
  columns,
  rows: 24,
  terminal: true,
  color: false,
  unicode: true,
  ...more,
});

const rule = (subject: string, more: Partial<LogRuleResult> = {}): LogRuleResult => ({
  schema,
  kind: 'rule',
  subject,
  status: 'ok',
  severity: 'warning',
  fired: false,
  count: 0,
  peak: 0,
  labels: {},
  message: `0 times ${subject} in app.log`,
  ...more,
});

const sample = 'POST https://gateway.example.com/v2/charge timed out after 30000 ms';
const timeouts = rule('timeouts', {
  status: 'critical',
  fired: true,
  count: 12_345,
  peak: 31,
  threshold: { count: 10, per_seconds: 300 },
  first: '2026-11-20T02:14:07.123+01:00',
  last: '2026-11-20T02:19:55+01:00',
  sample,
  labels: { runbook: 'https://wiki.example.com/gateway' },
  message: `12345 times timeouts in app.log, first 2026-11-20T02:14:07.123+01:00: ${sample}`,
});
const refused = rule('refused', {
  status: 'warning',
  fired: true,
  count: 3,
  peak: 3,
  first: '2026-11-20T02:15:00+01:00',
  last: '2026-11-20T02:15:00+01:00',
  sample: `GET /${'x'.repeat(100)}`,
  message: 'somebody is not let in',
});
const heartbeat = rule('heartbeat', { status: 'unknown', undecided: 'the log covers 12m, and the rule asks for 1h' });
const rules = [rule('oom'), refused, heartbeat, timeouts];

const buckets = (starts: readonly string[], counts: readonly number[]): LogBucket[] =>
  starts.map((start, at) => {
    const end = new Date(Date.parse(start) + 300_000).toISOString();
    return { schema, kind: 'bucket', start, end, count: counts[at]! };
  });

function show(kind: Kind, records: readonly LogRecord[], on: Screen): string[] {
  const shown = logColumns(kind).filter(({ programsOnly }) => programsOnly !== true);
  return (table(shown, records, on) + viewBelow(records, on)).split('\n');
}

function csv(kind: Kind, record: LogRecord): string {
  const renderer = createCsv({ command: { columns: () => logColumns(kind) }, options: {} } as unknown as RenderSetup);
  return renderer.record(record, []);
}

test('rules are rows, the worst first, and below stands in full what each that is not fine has to say', () => {
  expect(show('rule', rules.toSorted(compareRecords), screen(80))).toEqual([
    'RULE       STATUS     COUNT      PEAK  FIRST     LAST',
    'timeouts   critical  12,345  31 in 5m  02:14:07  02:19:55',
    'heartbeat  unknown        0         0',
    'refused    warning        3         3  02:15:00  02:15:00',
    'oom        ok             0         0',
    '',
    'critical  12345 times timeouts in app.log, first 2026-11-20T02:14:07.123+01:00:',
    '          POST https://gateway.example.com/v2/charge timed out after 30000 ms',
    '          runbook: https://wiki.example.com/gateway',
    'unknown   0 times heartbeat in app.log',
    '          the log covers 12m, and the rule asks for 1h',
    'warning   refused: somebody is not let in',
    `          GET /${'x'.repeat(64)}…`,
    '',
    '2 of 4 rules fired, 1 undecided; times: 2026-11-20, UTC+01:00',
    '',
  ]);
});

test('when no rule fired one line says so, in green', () => {
  expect(show('rule', [rule('a'), rule('b')], screen(80)).slice(3)).toEqual(['', 'none of 2 rules fired', '']);
  expect(viewBelow([rule('a')], screen(80, { color: true }))).toBe('\n\u001B[32mnone of 1 rule fired\u001B[39m\n');
});

test.each([40, 60, 80, 200])('nothing of the rules but an address is wider than a screen of %i columns', (cells) => {
  const many = [...rules, { ...timeouts, subject: 'x'.repeat(90), first: '2025-01-01T00:00:00Z' }];
  for (const color of [true, false]) {
    const lines = show('rule', many, screen(cells, { color }));
    const isAddress = (line: string) => /https?:|x{64}/.test(line);
    expect(lines.filter((line) => !isAddress(line) && width(line) > cells)).toEqual([]);
  }
});

test('text of a log cannot paint the screen or begin a line of its own', () => {
  const hostile = '\u001B[31m\r\n\u202Eok';
  const bad = rule(`r${hostile}`, {
    status: 'critical',
    fired: true,
    message: hostile,
    sample: `s${hostile}`,
    undecided: hostile,
    first: hostile,
    labels: { [hostile]: hostile },
  });
  const bucket = buckets(['2026-11-20T00:00:00Z'], [1])[0]!;
  for (const line of [
    ...show('rule', [bad], screen(80)),
    ...show('bucket', [{ ...bucket, start: hostile }], screen(80)),
  ]) {
    expect(line).not.toMatch(/[\u001B\r\u202E]/);
  }
});

const night = ['22:50', '22:55'].map((clock) => `2026-11-19T${clock}:00+01:00`);
const morning = ['00:00', '00:05', '00:10'].map((clock) => `2026-11-20T${clock}:00+01:00`);

test('a histogram names each day once, has a bar a row, and shows the empty rows', () => {
  const rows = show('bucket', buckets([...night, ...morning], [0, 1, 31_204, 15_602, 0]), screen(60));
  expect(rows).toEqual([
    'START             COUNT',
    '2026-11-19 22:50       0',
    '           22:55       1  ▏',
    `2026-11-20 00:00  31,204  ${'█'.repeat(34)}`,
    `           00:05  15,602  ${'█'.repeat(17)}`,
    '           00:10       0',
    '',
    '46,807 found, 5m a row; most at 2026-11-20 00:00: 31,204;',
    'times: UTC+01:00',
    '',
  ]);
});

test('its bars are ASCII where the locale has no blocks, coloured where there are colours, and end somewhere', () => {
  const three = buckets(morning, [1, 500, 1000]);
  const plain = show('bucket', three, screen(80, { unicode: false }));
  expect(plain[1]).toMatch(/ 1 {2}#$/);
  expect(plain[2]).toMatch(/ 500 {2}#{27,28}$/);
  expect(show('bucket', three, screen(80, { color: true }))[3]).toMatch(/ 1,000 {2}\u001B\[36m█+\u001B\[39m$/);
  expect(show('bucket', three, screen(500))[3]).toMatch(/ 1,000 {2}█{100}$/);
});

test.each([30, 40, 80, 200])('no row of it is wider than a screen of %i columns', (cells) => {
  for (const unicode of [true, false]) {
    const lines = show('bucket', buckets([...night, ...morning], [0, 1, 3_120_400, 7, 0]), screen(cells, { unicode }));
    expect(lines.filter((line) => width(line) > Math.max(35, cells))).toEqual([]);
  }
});

test('a histogram of nothing has rows without bars', () => {
  expect(show('bucket', buckets(morning, [0, 0, 0]), screen(80)).slice(1)).toEqual([
    '2026-11-20 00:00      0',
    '           00:05      0',
    '           00:10      0',
    '',
    '0 found, 5m a row; times: UTC+01:00',
    '',
  ]);
});

test('ten thousand buckets take no longer than they must', () => {
  const starts = Array.from({ length: 10_000 }, (_, at) => new Date(at * 300_000).toISOString());
  const started = performance.now();
  show(
    'bucket',
    buckets(
      starts,
      starts.map((_, at) => at),
    ),
    screen(80),
  );
  expect(performance.now() - started).toBeLessThan(3000);
});

test('a template has its share as a percentage, and gives way to a narrow screen', () => {
  const template = (text: string, count: number, share_pct: number): LogRecord => {
    return { schema, kind: 'template', template: text, count, share_pct, sample: 's' };
  };
  const records = [template(`<*> ERROR ${'word '.repeat(20)}`, 31_204, 62.416), template('rare', 3, 0.006)];
  expect(show('template', records, screen(40))).toEqual([
    ' COUNT  SHARE  TEMPLATE',
    '31,204  62.4%  <*> ERROR word word word…',
    '     3  <0.1%  rare',
    '',
    '2 templates are 62.4% of what was found',
    '',
  ]);
  expect(show('template', records.slice(1), screen(40)).at(-2)).toBe('1 template is <0.1% of what was found');
  expect(csv('template', records[1]!)).toBe('count,share,template\n3,0.006,rare\n');
});

test('lines and counts are tables, too', () => {
  const line: LogRecord = {
    schema,
    kind: 'line',
    source: 'a.log',
    match: true,
    line_number: 7,
    level: 'error',
    text: 'a\tb',
  };
  expect(show('line', [line], screen(80))).toEqual([
    'SOURCE  LINE  TIME  LEVEL  TEXT',
    String.raw`a.log      7        error  a\tb`,
    '',
  ]);
  const count: LogRecord = { schema, kind: 'count', source: 'a.log', count: 31_204 };
  expect(show('count', [count], screen(80))).toEqual([' COUNT  SOURCE', '31,204  a.log', '']);
});

test('programs get plain numbers and whole times', () => {
  expect(csv('rule', timeouts)).toBe(
    'rule,status,count,peak,first,last,message\n' +
      `timeouts,critical,12345,31,2026-11-20T02:14:07.123+01:00,2026-11-20T02:19:55+01:00,"${timeouts.message}"\n`,
  );
  expect(csv('bucket', buckets(morning, [1234, 0, 0])[0]!)).toBe(
    'start,end,count\n2026-11-20T00:00:00+01:00,2026-11-19T23:05:00.000Z,1234\n',
  );
  expect(csv('count', { schema, kind: 'count', source: 'a,b', count: 1234 })).toBe('count,source\n1234,"a,b"\n');
  expect(
    csv('line', { schema, kind: 'line', source: 'a', match: false, time: '2026-11-20T00:00:00Z', text: 'x' }),
  ).toBe('source,line,time,level,text,match\na,,2026-11-20T00:00:00Z,,x,false\n');
});

test('a record of another kind is an empty row, and changes nothing for the others', () => {
  const line: LogRecord = { schema, kind: 'line', source: 'a.log', match: true, text: 'x' };
  for (const kind of ['count', 'rule', 'template', 'bucket'] as const) {
    expect(show(kind, [line], screen(80)).slice(1), kind).toEqual(['', '']);
  }
  expect(show('bucket', [line, ...buckets(morning, [1, 2, 3])], screen(80))[4]).toMatch(/^ {11}00:10 {6}3 {2}█+$/);
});

test('sorting leaves alone what is no rule', () => {
  const line: LogRecord = { schema, kind: 'line', source: 'a.log', match: true, text: 'x' };
  expect(compareRecords(line, timeouts)).toBe(0);
  const order = [rule('b', { count: 1 }), rule('c'), rule('a', { count: 1 }), ...rules].toSorted(compareRecords);
  expect(order.map(({ subject }) => subject)).toEqual(['timeouts', 'heartbeat', 'refused', 'a', 'b', 'c', 'oom']);
});
