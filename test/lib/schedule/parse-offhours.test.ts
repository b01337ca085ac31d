import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { offhoursZone, parseOffhours } from '../../../src/lib/schedule/parse-offhours.ts';

interface Case {
  form: string;
  value: string;
  off?: string;
  on?: string;
  zone?: string;
  column?: number;
  says?: string;
  hint?: string;
}

const cases = JSON.parse(
  readFileSync(new URL('../../cases/schedule/offhours.json', import.meta.url), 'utf8'),
) as readonly Case[];
const defaults = { zone: 'Asia/Kathmandu' };
const unix = (text: string): number => Date.parse(text) / 1000;

test.each(cases.filter(({ column }) => column === undefined))('offhours: $form', ({ value, off, on, zone }) => {
  const sides = [...(off === undefined ? [] : ['off', off]), ...(on === undefined ? [] : ['on', on])];
  const words = sides.length === 0 ? ['opted out'] : [...sides, zone ?? defaults.zone];
  expect(parseOffhours(value, defaults).name).toBe(['offhours', ...words].join(' '));
  expect(offhoursZone(value, defaults.zone).name).toBe(zone ?? defaults.zone);
});

test.each(cases.filter(({ column }) => column !== undefined))('no offhours: $form', ({ value, column, says, hint }) => {
  const error = mistakeOf(value);
  expect(error).toMatchObject({ code: 'usage' });
  expect(error.message).toContain(`', column ${column}: `);
  expect(error.message).toContain(says ?? '');
  if (hint !== undefined) expect(error.hints).toEqual([hint]);
});

test.each([
  ['pdt pst pt', 'America/Los_Angeles'],
  ['ast at', 'America/Phoenix'],
  ['est edt et', 'America/New_York'],
  ['cst cdt ct', 'America/Chicago'],
  ['mst mdt mt', 'America/Denver'],
  ['gmt gt utc', 'UTC'],
  ['bst', 'Europe/London'],
  ['ist', 'Europe/Dublin'],
  ['cet', 'Europe/Berlin'],
  ['it', 'Asia/Kolkata'],
  ['jst', 'Asia/Tokyo'],
  ['kst', 'Asia/Seoul'],
  ['sgt', 'Asia/Singapore'],
  ['aet', 'Australia/Sydney'],
  ['brt', 'America/Sao_Paulo'],
  ['nzst', 'Pacific/Auckland'],
])('the zones %s are %s, also as the default', (aliases, zone) => {
  for (const alias of aliases.split(' ').flatMap((name) => [name, name.toUpperCase()])) {
    expect(parseOffhours(`tz=${alias}`, defaults).name).toBe(`offhours off M-F@19 on M-F@7 ${zone}`);
    expect(parseOffhours('on', { zone: alias }).name).toBe(`offhours off M-F@19 on M-F@7 ${zone}`);
  }
});

test('the defaults switch at 7 and 19 from Monday to Friday', () => {
  const schedule = parseOffhours('tz=et', defaults);
  expect(schedule.at(unix('2026-11-20T20:00:00-05:00'))).toEqual({
    desired: 'off',
    since: unix('2026-11-20T19:00:00-05:00'),
  });
  expect(schedule.at(unix('2026-11-23T06:59:59-05:00')).desired).toBe('off');
  expect(schedule.at(unix('2026-11-23T07:00:00-05:00'))).toEqual({
    desired: 'on',
    since: unix('2026-11-23T07:00:00-05:00'),
  });
});

test('opting out asks for nothing, ever', () => {
  const schedule = parseOffhours('off', defaults);
  expect(schedule.at(unix('2026-11-20T20:00:00Z'))).toEqual({ desired: 'none' });
  expect([...schedule.transitionsAfter(0)]).toEqual([]);
});

test('off alone never asks for on, and is a transition on each of its days', () => {
  const schedule = parseOffhours('off=(F-M,19);tz=utc', defaults);
  const next = schedule.transitionsAfter(unix('2026-11-20T18:00:00Z'));
  const days = Array.from({ length: 5 }, () => next.next().value as { at: number; to: string });
  expect(days.map(({ at, to }) => `${new Date(at * 1000).toISOString()} ${to}`)).toEqual([
    '2026-11-20T19:00:00.000Z off',
    '2026-11-21T19:00:00.000Z off',
    '2026-11-22T19:00:00.000Z off',
    '2026-11-23T19:00:00.000Z off',
    '2026-11-27T19:00:00.000Z off',
  ]);
  expect(schedule.at(unix('2026-11-26T12:00:00Z'))).toEqual({ desired: 'off', since: unix('2026-11-23T19:00:00Z') });
});

test('on alone never asks for off', () => {
  const schedule = parseOffhours('on=(m,7);tz=utc', defaults);
  expect(schedule.at(unix('2026-11-22T12:00:00Z'))).toEqual({ desired: 'on', since: unix('2026-11-16T07:00:00Z') });
});

test('when both sides come at once, on wins, also where a gap of the clocks brings them together', () => {
  const at = unix('2026-03-29T03:00:00+02:00');
  for (const value of ['off=(u,3);on=(u,3);tz=cet', 'off=(u,2);on=(u,3);tz=cet']) {
    const schedule = parseOffhours(value, defaults);
    expect(schedule.transitionsAfter(at - 3600).next().value).toMatchObject({ at, to: 'on' });
  }
});

test('an hour that is skipped comes at the end of the gap, one that is repeated once', () => {
  // Cloud Custodian compares the hour each hour: the one never fires, the other twice.
  const skipped = parseOffhours('off=(m-u,2);tz=et', defaults);
  expect(skipped.transitionsAfter(unix('2026-03-08T00:00:00-05:00')).next().value).toEqual({
    at: unix('2026-03-08T03:00:00-04:00'),
    to: 'off',
    clock: 'skipped',
  });
  const repeated = parseOffhours('off=(m-u,1);tz=et', defaults).transitionsAfter(unix('2026-11-01T00:00:00-04:00'));
  expect(repeated.next().value).toEqual({ at: unix('2026-11-01T01:00:00-04:00'), to: 'off', clock: 'repeated' });
  expect(repeated.next().value).toEqual({ at: unix('2026-11-02T01:00:00-05:00'), to: 'off', clock: 'unique' });
});

test('nothing is switched on a day to skip, from midnight to midnight of the zone', () => {
  const holidays = new Set(['2026-12-25']);
  const schedule = parseOffhours('off=[(m-u,0),(m-u,23)];on=(m-u,7);tz=aet', { ...defaults, holidays });
  const next = schedule.transitionsAfter(unix('2026-12-24T22:00:00+11:00'));
  expect(next.next().value).toMatchObject({ at: unix('2026-12-24T23:00:00+11:00'), to: 'off' });
  expect(next.next().value).toMatchObject({ at: unix('2026-12-26T00:00:00+11:00'), to: 'off' });
});

test('a value of 256 characters works, and its name fits into a tag', () => {
  const tuples = Array.from({ length: 24 }, (_, hour) => `(${'MTWHFSU'[hour % 7]},${hour})`);
  const longest = `off=[${tuples.slice(0, 12).join(',')}];on=[${tuples.slice(12).join(',')}];tz=America/Los_Angeles`;
  const value = longest.padEnd(256, ';');
  const { name } = parseOffhours(value, defaults);
  expect(value.length).toBe(256);
  expect(name).toMatch(/^offhours off=[\w-]{28} on=[\w-]{28} America\/Los_Angeles$/);
  expect(name.length).toBeLessThanOrEqual(120);
  const other = parseOffhours(value.replace('(M,0)', '(T,0)'), defaults);
  expect(other.name).not.toBe(name);
});

test('more than a tag value is refused at once, and so is what repeats without end', () => {
  expect(mistakeOf('('.repeat(1_000_000)).message).toContain('longer than 256 characters');
  for (const character of ' ;([,u"=m-1') expect(() => attempt(character.repeat(256))).not.toThrow();
});

test('many times with minutes, which have no short name, are refused with a hint', () => {
  const tuples = Array.from({ length: 20 }, (_, hour) => `(m,${hour}:1${hour % 10})`);
  expect(mistakeOf(`off=[${tuples.join(',')}]`)).toMatchObject({
    message: expect.stringContaining('too long to be kept in a tag') as string,
  });
});

test('no value is a crash, and every name is of letters that all services allow', () => {
  const pieces = fc.constantFrom(
    ...'off= on= tz= ( ) [ ] , ; - M F U 7 19 21:30 pt u28 u2c u29 " disabled'.split(' '),
    ' ',
  );
  const values = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(pieces, { maxLength: 20 }).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(values, (value) => {
      expect(attempt(value) ?? 'refused').toMatch(/^[\w +\-=.:/@]{1,120}$/);
    }),
    { numRuns: 2000 },
  );
});

function attempt(value: string): string | undefined {
  try {
    return parseOffhours(value, defaults).name;
  } catch (error) {
    if (error instanceof UserError && error.code === 'usage') return undefined;
    throw error;
  }
}

function mistakeOf(value: string): UserError {
  try {
    parseOffhours(value, defaults);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`'${value}' is offhours`);
}
