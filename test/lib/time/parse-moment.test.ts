import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMoment } from '../../../src/lib/time/format-moment.ts';
import { parseMoment } from '../../../src/lib/time/parse-moment.ts';
import { openZone } from '../../../src/lib/time/zone.ts';

const zone = openZone('Europe/Berlin');
/** A Friday, 13:30:00.250 in Berlin. */
const now = Date.parse('2026-11-20T12:30:00.250Z') / 1000;
const parse = (text: string): number => parseMoment(text, { now, zone });

test.each([
  // So long ago.
  ['10m', '2026-11-20T13:20:00.250+01:00'],
  ['2h30m', '2026-11-20T11:00:00.250+01:00'],
  ['-1h', '2026-11-20T12:30:00.250+01:00'],
  ['1.5h', '2026-11-20T12:00:00.250+01:00'],
  ['7d', '2026-11-13T13:30:00.250+01:00'],
  ['1w 2d', '2026-11-11T13:30:00.250+01:00'],
  ['0s', '2026-11-20T13:30:00.250+01:00'],
  ['250ms', '2026-11-20T13:30:00+01:00'],
  ['1h ago', '2026-11-20T12:30:00.250+01:00'],
  ['3 days ago', '2026-11-17T13:30:00.250+01:00'],
  ['10 min', '2026-11-20T13:20:00.250+01:00'],
  ['1 hour 30 minutes 5 seconds ago', '2026-11-20T11:59:55.250+01:00'],
  ['2H30M', '2026-11-20T11:00:00.250+01:00'],
  // Words.
  ['now', '2026-11-20T13:30:00.250+01:00'],
  ['today', '2026-11-20T00:00:00+01:00'],
  ['Yesterday', '2026-11-19T00:00:00+01:00'],
  ['tomorrow', '2026-11-21T00:00:00+01:00'],
  ['  today\t 14:00 ', '2026-11-20T14:00:00+01:00'],
  ['yesterday 23:30', '2026-11-19T23:30:00+01:00'],
  // Times of day are today's, also the coming ones.
  ['09:05', '2026-11-20T09:05:00+01:00'],
  ['9:05', '2026-11-20T09:05:00+01:00'],
  ['14:00', '2026-11-20T14:00:00+01:00'],
  ['14:00:05', '2026-11-20T14:00:05+01:00'],
  ['14:00:05.25', '2026-11-20T14:00:05.250+01:00'],
  ['14:00:05,25', '2026-11-20T14:00:05.250+01:00'],
  ['23:59:59.999999', '2026-11-20T23:59:59.999999+01:00'],
  // The last such day.
  ['friday', '2026-11-20T00:00:00+01:00'],
  ['fri 13:30', '2026-11-20T13:30:00+01:00'],
  ['fri 13:30:00.25', '2026-11-20T13:30:00.250+01:00'],
  ['fri 13:31', '2026-11-13T13:31:00+01:00'],
  ['saturday', '2026-11-14T00:00:00+01:00'],
  ['sun', '2026-11-15T00:00:00+01:00'],
  ['monday', '2026-11-16T00:00:00+01:00'],
  ['Mon 09:00', '2026-11-16T09:00:00+01:00'],
  ['tues', '2026-11-17T00:00:00+01:00'],
  ['WED', '2026-11-18T00:00:00+01:00'],
  ['thurs 23:59', '2026-11-19T23:59:00+01:00'],
  // Dates.
  ['2026-11-20', '2026-11-20T00:00:00+01:00'],
  ['2026-7-1', '2026-07-01T00:00:00+02:00'],
  ['2024-02-29', '2024-02-29T00:00:00+01:00'],
  ['2026-11-20 14:00', '2026-11-20T14:00:00+01:00'],
  ['2026-11-20T14:00', '2026-11-20T14:00:00+01:00'],
  ['2026-11-20T14:00:05.123', '2026-11-20T14:00:05.123+01:00'],
  ['2026-11-20 14:00:05,123', '2026-11-20T14:00:05.123+01:00'],
  ['2026/11/20 14:00:05', '2026-11-20T14:00:05+01:00'],
  // With a zone.
  ['2026-11-20T14:00:05Z', '2026-11-20T15:00:05+01:00'],
  ['2026-11-20t14:00:05.5z', '2026-11-20T15:00:05.500+01:00'],
  ['2026-11-20T14:00:05+02:00', '2026-11-20T13:00:05+01:00'],
  ['2026-11-20T14:00:05+0200', '2026-11-20T13:00:05+01:00'],
  ['2026-11-20 14:00 -05', '2026-11-20T20:00:00+01:00'],
  ['2026-11-20 14:00:05 UTC', '2026-11-20T15:00:05+01:00'],
  ['2026-11-20 UTC', '2026-11-20T01:00:00+01:00'],
  ['14:00 UTC', '2026-11-20T15:00:00+01:00'],
  // It is still the day before in Honolulu when it is noon in Berlin, and the time is of that day.
  ['23:00 -10:00', '2026-11-21T10:00:00+01:00'],
  ['today 00:00 +13:00', '2026-11-20T12:00:00+01:00'],
  ['fri 00:30 +14:00', '2026-11-19T11:30:00+01:00'],
  ['2016-12-31T23:59:60Z', '2017-01-01T01:00:00+01:00'],
  ['1970-01-01T00:00:00-00:44:30', '1970-01-01T01:44:30+01:00'],
  // Unix time.
  ['1763600000', '2025-11-20T01:53:20+01:00'],
  ['1763600000.5', '2025-11-20T01:53:20.500+01:00'],
  ['@1763600000', '2025-11-20T01:53:20+01:00'],
  ['@0', '1970-01-01T01:00:00+01:00'],
  ['@-5', '1970-01-01T00:59:55+01:00'],
  ['1763600000123', '2025-11-20T01:53:20.123+01:00'],
  ['@1763600000123', '2025-11-20T01:53:20.123+01:00'],
  ['1763600000123456', '2025-11-20T01:53:20.123456+01:00'],
  ['1763600000123456789', '2025-11-20T01:53:20.123457+01:00'],
  // What summer time skips goes forward, of what it repeats it is the earlier.
  ['2026-03-29 02:30', '2026-03-29T03:30:00+02:00'],
  ['2026-10-25 02:30', '2026-10-25T02:30:00+02:00'],
  ['2026-10-25 02:30 +01:00', '2026-10-25T02:30:00+01:00'],
])('on a Friday in Berlin, %s is %s', (text, moment) => {
  expect(formatMoment(parse(text), zone)).toBe(moment);
});

describe('around a change of the clocks', () => {
  const at = (text: string, written: string): string =>
    formatMoment(parseMoment(text, { now: Date.parse(written) / 1000, zone }), zone);

  test('days are those of the calendar, durations are seconds', () => {
    expect(at('yesterday 12:00', '2026-03-29T12:00:00+02:00')).toBe('2026-03-28T12:00:00+01:00');
    expect(at('1d', '2026-03-29T12:00:00+02:00')).toBe('2026-03-28T11:00:00+01:00');
  });

  test('yesterday is found from an hour that yesterday did not have', () => {
    expect(at('yesterday 02:30', '2026-03-30T02:30:00+02:00')).toBe('2026-03-29T03:30:00+02:00');
  });

  test('a day of the week whose time is only now to come is a week ago', () => {
    expect(at('sun 02:30', '2026-10-25T02:29:00+02:00')).toBe('2026-10-18T02:30:00+02:00');
    expect(at('sun 02:30', '2026-10-25T02:10:00+01:00')).toBe('2026-10-25T02:30:00+02:00');
  });

  test('today begins when midnight is skipped', () => {
    const santiago = openZone('America/Santiago');
    const noon = Date.parse('2026-09-06T12:00:00-03:00') / 1000;
    expect(formatMoment(parseMoment('today', { now: noon, zone: santiago }), santiago)).toBe(
      '2026-09-06T01:00:00-03:00',
    );
  });

  test('the first of a month and of a year have a yesterday', () => {
    expect(at('yesterday', '2026-03-01T12:00:00+01:00')).toBe('2026-02-28T00:00:00+01:00');
    expect(at('yesterday', '2026-01-01T12:00:00+01:00')).toBe('2025-12-31T00:00:00+01:00');
    expect(at('wed 23:00', '2026-01-01T12:00:00+01:00')).toBe('2025-12-31T23:00:00+01:00');
  });
});

test.each([
  ['2026-02-29', 'that month has the days 1 to 28'],
  ['2026-02-30 10:00', 'that month has the days 1 to 28'],
  ['1900-02-29', 'that month has the days 1 to 28'],
  ['2026-11-31', 'that month has the days 1 to 30'],
  ['2026-11-00', 'that month has the days 1 to 30'],
  ['2026-13-01', 'months go from 1 to 12'],
  ['2026-00-01', 'months go from 1 to 12'],
  ['24:00', 'hours go from 0 to 23, and midnight is 00:00 of the next day'],
  ['today 99:00', 'hours go from 0 to 23, and midnight is 00:00 of the next day'],
  ['12:60', 'minutes go from 0 to 59'],
  ['12:00:61', 'seconds go from 0 to 59'],
  // No leap second: those end a day of UTC.
  ['2026-11-20T14:00:60Z', 'seconds go from 0 to 59'],
  ['14:00 +24:00', 'offsets go up to 23:59'],
  ['99999999w', 'no calendar goes that far'],
  ['@99999999999999', 'no calendar goes that far'],
])('%s is told apart: %s', (text, reason) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({ message: `'${text}' is not a time: ${reason}`, code: 'usage' }),
  );
});

test.each([
  '',
  ' ',
  'rubbish',
  'z',
  'utc',
  't14:00',
  'constructor',
  '__proto__',
  'mo',
  'mondays',
  'next monday',
  'last',
  '5',
  '2026',
  '20261120',
  '176360000',
  '17636000000',
  '1763600000x',
  '@',
  '@1e9',
  '1e9',
  '0x10',
  'NaN',
  'Infinity',
  '-',
  '--1h',
  '+1h',
  '-1h ago',
  'ago',
  '1hago',
  '5 months ago',
  '1y',
  '14',
  '14:',
  '14:0',
  '14:00:0',
  '14:00:05.',
  '2pm',
  '123:00',
  '2026-11',
  '26-11-20',
  '02026-11-20',
  '20.11.2026',
  '11/20/2026',
  '2026-11-20T',
  '2026-11-20 T14:00',
  '2026-11-2014:00',
  '2026-11-20T14:00:05+2',
  '2026-11-20T14:00:05 Mars/Olympus',
  '2026-11-20-05:00',
  'today +02:00',
  'todayt14:00',
  '14:00 today',
  '２０２６-11-20',
  '14:00\n15:00',
])('%j is not a time, and how to write one is told', (text) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^'.*' is not a time$/),
      code: 'usage',
      hints: [
        expect.stringContaining("10m, 2h30m, 7d), a day or a time of day (yesterday, 14:00, 'today 14:00'"),
        expect.stringContaining('2026-11-20T14:00:05Z'),
      ],
    }),
  );
});

test('the examples of the hint are times', () => {
  let hints: readonly string[] = [];
  try {
    parse('rubbish');
  } catch (error) {
    ({ hints } = error as { hints: readonly string[] });
  }
  const examples = hints.flatMap((hint) =>
    [...hint.matchAll(/\(([^)]*)\)/g)].flatMap((match) => match[1]!.replaceAll("'", '').split(', ')),
  );
  expect(examples).toHaveLength(11);
  for (const example of examples) expect(parse(example)).toSatisfy(Number.isFinite);
});

test('what is pasted by mistake is refused at once, and shown in part and harmless', () => {
  const started = performance.now();
  for (const text of ['1h '.repeat(1e6), '9'.repeat(1e6), `${' '.repeat(1e6)}x`, '1'.repeat(99), '\u001b[31m']) {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(/^[ -~]{1,600}$/) }),
    );
  }
  expect(performance.now() - started).toBeLessThan(2000);
});

test('any text is a finite moment or a UserError, never another failure', () => {
  const words = [
    'today',
    'mon',
    ' ',
    't',
    '14:00',
    '2026-11-20',
    '+02:00',
    'z',
    '1h',
    'ago',
    '@',
    '1763600000',
    '-',
    '.5',
  ];
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (anything) => {
      try {
        expect(parse(anything)).toSatisfy(Number.isFinite);
      } catch (error) {
        expect(error).toMatchObject({ name: 'UserError', code: 'usage' });
      }
    }),
    { numRuns: 2000 },
  );
});

describe('what is printed reads back', () => {
  const names = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC', '-03:30'];
  const zones = fc.constantFrom(...names.map((name) => openZone(name)));
  // The years that have four digits.
  const seconds = fc.integer({ min: -62_135_500_000, max: 253_402_200_000 });
  const ourTimes = fc.integer({ min: 0, max: 4e9 });

  test('in ISO 8601 with the offset, in any year and zone, with T or a space, in any case', () => {
    fc.assert(
      fc.property(zones, seconds, fc.constantFrom('T', ' ', 't'), (written, moment, separator) => {
        const text = formatMoment(moment, written).replace('T', separator);
        expect(parse(text)).toBe(moment);
        expect(parse(text.replace(/(?=[+-][\d:]*$)/, ' '))).toBe(moment);
      }),
      { numRuns: 1000 },
    );
  });

  test('with microseconds', () => {
    fc.assert(
      fc.property(zones, ourTimes, fc.integer({ min: 0, max: 999_999 }), (written, whole, microseconds) => {
        const text = formatMoment(whole + microseconds / 1e6, written);
        expect(formatMoment(parse(text), written)).toBe(text);
        expect(parse(text)).toBeCloseTo(whole + microseconds / 1e6, 6);
      }),
    );
  });

  test('as Date prints it, and as Unix time in each unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e12, max: 4e12 }), (milliseconds) => {
        expect(parse(new Date(milliseconds).toISOString())).toBe(milliseconds / 1000);
        expect(parse(String(milliseconds))).toBe(milliseconds / 1000);
        expect(parse(`@${milliseconds / 1000}`)).toBe(milliseconds / 1000);
        expect(parse((milliseconds / 1000).toFixed(3))).toBe(milliseconds / 1000);
        expect(parse(`${milliseconds}000`)).toBe(milliseconds / 1000);
        expect(parse(`${milliseconds}000000`)).toBeCloseTo(milliseconds / 1000, 6);
      }),
    );
  });

  test('without an offset in its own zone, the repeated hour apart', () => {
    fc.assert(
      fc.property(zones, ourTimes, (written, moment) => {
        const text = formatMoment(moment, written).slice(0, 19);
        const again = parseMoment(text, { now, zone: written });
        if (again !== moment) {
          expect(written.toUnix(written.toLocal(moment), 'earlier')).toEqual({ seconds: again, kind: 'repeated' });
        }
        expect(formatMoment(again, written).slice(0, 19)).toBe(text);
        expect(parseMoment(text.replace('T', ' ').replaceAll('-', '/'), { now, zone: written })).toBe(again);
      }),
      { numRuns: 1000 },
    );
  });

  test('as a time of today and yesterday, and as one of the last seven days of the week', () => {
    const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
    // Where every day has 24 hours, so that days can be told by seconds.
    fc.assert(
      fc.property(ourTimes, fc.integer({ min: 0, max: 7 * 86_400 - 1 }), fc.boolean(), (moment, back, short) => {
        const utc = { now: moment, zone: openZone('UTC') };
        const past = new Date((moment - back) * 1000);
        const clock = past.toISOString().slice(11, 19);
        const day = days[past.getUTCDay()]!;
        expect(parseMoment(`${short ? day.slice(0, 3) : day} ${clock}`, utc)).toBe(moment - back);
        const daysBack = Math.floor(moment / 86_400) - Math.floor((moment - back) / 86_400);
        if (daysBack === 0) expect(parseMoment(clock, utc)).toBe(moment - back);
        if (daysBack === 0) expect(parseMoment(`today ${clock}`, utc)).toBe(moment - back);
        if (daysBack === 1) expect(parseMoment(`yesterday ${clock}`, utc)).toBe(moment - back);
      }),
      { numRuns: 500 },
    );
  });
});
