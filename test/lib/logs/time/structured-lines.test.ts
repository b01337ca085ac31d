import { expect, test } from 'vitest';
import { detectTimeFormat } from '../../../../src/lib/logs/time/detect-time-format.ts';
import { parseTimeFormat } from '../../../../src/lib/logs/time/parse-time-format.ts';
import { contextOf, detectAndRead, readAs } from './read-line.ts';

const time = '2026-11-20T14:00:05.000Z';

test.each([
  ['a key of a nested object before it', '{"a":{"time":"2001-01-01T00:00:00Z"},"time":"2026-11-20T14:00:05Z"}'],
  ['a key in a list before it', '{"a":[[{"ts":1000000000}],"}]"],"ts":1795183205}'],
  ['a key in a string', '{"msg":"{\\"time\\":1000000000,","time":1795183205}'],
  ['a string that ends in a backslash', '{"path":"C:\\\\","time":1795183205}'],
  ['an escaped quotation mark behind backslashes', '{"m":"\\\\\\"","time":1795183205}'],
  ['blanks between all', '  { "level" : "x" , "time" : "2026-11-20 14:00:05" }'],
  ['a key in another case', '{"Timestamp":"2026-11-20T14:00:05Z"}'],
  ['a value that is no time before it', '{"t":12,"time":"-","date":null,"ts":{},"@timestamp":"2026-11-20T14:00:05Z"}'],
  ['the zero time of Go before it', '{"date":"0001-01-01T00:00:00Z","time":"2026-11-20T14:00:05Z"}'],
  ['milliseconds', '{"time":1795183205000}'],
  ['microseconds', '{"time":1795183205000000}'],
  ['nanoseconds', '{"time":1795183205000000000}'],
  ['a number in quotation marks', '{"time":"1795183205"}'],
  ['an exponent', '{"ts":1.795183205e+09}'],
  ['an exponent of milliseconds', '{"ts":1.795183205E12,"a":1}'],
  ['the time of an access log', '{"time_local":"20/Nov/2026:14:00:05 +0000"}'],
  ['syslog', '{"time":"Nov 20 14:00:05"}'],
  ['a number of MongoDB', '{"t":{"$date":{"$numberLong":"1795183205000"}},"s":"I"}'],
  ['colours', '\u001B[36m{"time":1795183205}\u001B[0m'],
  ['the end of the line missing', '{"time":"2026-11-20T14:00:05Z","msg":"cut of'],
])('JSON with %s has its time', (_, line) => {
  expect(readAs('json', line)).toBe(time);
  expect(detectAndRead([line])).toEqual({ name: 'json', times: [time] });
});

test.each([
  '',
  '{',
  '{"time"',
  '{"time":',
  '{"time":"',
  '{"time":"2026-11-20"}',
  '{"time":1e400}',
  '{"time":1.5e+99}',
  '{"a":{"time":1795183205}}',
  '{"a":"time","b":1795183205}',
  '{"time" 1795183205}',
  '{"a":1 "time":1795183205}',
  '{"t":{"$date":{"$date":{"$date":1795183205}}}}',
  '{"t":{"x":1795183205}}',
  '{"a\\":"time":1795183205}',
  '["time",1795183205]',
  '{time:1795183205}',
])('as JSON %s has no time', (line) => {
  expect(readAs('json', line)).toBeUndefined();
});

test('of two keys with a time the one that most lines have is taken in all lines', () => {
  const plain = '{"time":"2026-11-20T14:00:05Z","msg":"x"}';
  const booking = '{"date":"2030-01-01T00:00:00Z","msg":"booked","time":"2026-11-20T14:00:05Z"}';
  expect(detectAndRead([booking, plain, plain]).times).toEqual([time, time, time]);
  const other = '{"date":"2026-11-20T14:00:05Z","msg":"of another program"}';
  expect(detectAndRead([plain, plain, other]).times).toEqual([time, time, time]);
});

test('a time behind the first MiB of a line of JSON is not looked for, and a deep line takes no stack', () => {
  const deep = Buffer.from(`{"a":${'['.repeat(900_000)}${']'.repeat(900_000)},"time":1795183205}`);
  const format = parseTimeFormat('json')(contextOf('UTC'), []);
  expect(format.read(deep, 0, deep.length)).toBeUndefined();
  const shorter = Buffer.from(`{"a":${'['.repeat(400_000)}${']'.repeat(400_000)},"time":1795183205}`);
  expect(format.read(shorter, 0, shorter.length)).toBe(Date.parse(time));
});

test.each([
  'time=2026-11-20T14:00:05Z level=info',
  'time="2026-11-20 14:00:05" level=info',
  'level=info msg="a time=2001-01-01T00:00:00Z \\" ts=1000000000" ts=1795183205.000',
  'logger=http t=2026-11-20T15:00:05+0100 lvl=eror',
  'request.time=1s x-time=2 timestamp=1795183205000',
  '@timestamp="Nov 20 14:00:05"',
  'TS=1795183205',
])('logfmt %s has its time', (line) => {
  expect(readAs('logfmt', line)).toBe(time);
  expect(detectAndRead([line])).toEqual({ name: 'logfmt', times: [time] });
});

test.each(['', 'time', 'time=', 'time="', 'time=12ms', '=time=1795183205', 'mytime=1795183205', 'a="time=1795183205'])(
  'as logfmt %j has no time',
  (line) => {
    expect(readAs('logfmt', line)).toBeUndefined();
  },
);

test('a key of logfmt deep in a line does not take it from the time before it', () => {
  const line = 'api 2026-11-20 14:00:05 connected since time=2020-01-01T00:00:00Z';
  expect(detectTimeFormat([Buffer.from(line)], contextOf('UTC'))?.name).toBe('iso');
});

test('after sixteen keys of a time without one no more are tried, so that no line is slow', () => {
  const keys = (count: number): string => Array.from({ length: count }, () => '"t":1').join(',');
  expect(readAs('json', `{${keys(15)},"time":1795183205}`)).toBe(time);
  expect(readAs('json', `{${keys(16)},"time":1795183205}`)).toBeUndefined();
  expect(readAs('logfmt', `${'t=1 '.repeat(15)}time=1795183205`)).toBe(time);
  expect(readAs('logfmt', `${'t=1 '.repeat(16)}time=1795183205`)).toBeUndefined();
});
