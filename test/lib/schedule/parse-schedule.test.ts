import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { parseSchedule } from '../../../src/lib/schedule/parse-schedule.ts';

const zone = 'Europe/Berlin';
const nameOf = (request: { off?: string; on?: string }): string => {
  const { name } = parseSchedule({ ...request, zone });
  expect(name).toMatch(/^[\w +\-=.:/@]{1,120}$/);
  expect(name.endsWith(` ${zone}`)).toBe(true);
  return name.slice(0, -zone.length - 1);
};

test.each([
  ['weekend', 'weekend'],
  ['WEEKEND ', 'weekend'],
  ['sat 00:00 - mon 00:00', 'weekend'],
  ['Sat-Sun 00:00 - 24:00', 'weekend'],
  ['nights', 'nights'],
  ['19:00 - 07:00', 'nights'],
  ['7pm - 7am', 'nights'],
  ['19-07', 'nights'],
  ['office-hours', 'office-hours'],
  ['Mon-Fri 07:00-19:00', 'office-hours'],
  ['Fri 19:00 - Mon 07:00', 'Fri 19:00 - Mon 07:00'],
  ['friday 7:00 pm – MONDAY 7 am', 'Fri 19:00 - Mon 07:00'],
  ['Fri 19:00 — Sat 24:00, Sun 00:00 − Mon 07:00', 'Fri 19:00 - Mon 07:00'],
  ['Mon-Fri 09:00 - 17:30', 'Mon-Fri 09:00 - 17:30'],
  ['Mon - Fri 09:00 - 17:30', 'Mon-Fri 09:00 - 17:30'],
  ['Mon-Fri 22:15 - 05:45', 'Mon-Fri 22:15 - 05:45'],
  ['Fri-Mon 22:00 - 23:00', 'Fri-Mon 22:00 - 23:00'],
  ['Sun 12:00 - Sat 13:00', 'Sun 12:00 - Sat 13:00'],
  ['Sat 13:00 - 12:00', 'Sat 13:00 - Sun 12:00'],
  ['Sat 12:00 - Sun 00:00', 'Sat 12:00 - 24:00'],
  ['Sat-Sun 12:00 - 00:00', 'Sat-Sun 12:00 - 24:00'],
  ['Sun-Sat 06:00 - 07:00', '06:00 - 07:00'],
  ['Mon 09:00 - 10:00, Wed 09:00 - 10:00', 'Mon 09:00 - 10:00 + Wed 09:00 - 10:00'],
  ['Wed 12:00 - 13:00, 03:00 - 04:00', '03:00 - 04:00 + Wed 12:00 - 13:00'],
  ['12am - 12pm', '00:00 - 12:00'],
  ['Wed 12:00 - Wed 11:00', 'on Wed 11:00 - 12:00'],
])('off %s is %s', (off, name) => {
  expect(nameOf({ off })).toBe(name);
});

test('schedules with the same hours have one name, whichever side and order they are written in', () => {
  const names = [
    { on: 'office-hours' },
    { off: 'nights,weekend' },
    { off: ' weekend , nights ' },
    { off: 'nights + weekend' },
    { on: 'Mon-Fri 07:00 - 19:00' },
    { off: 'Fri 19:00 - Mon 07:00, Mon-Thu 19:00 - 07:00' },
  ].map(nameOf);
  expect(new Set(names)).toEqual(new Set(['on office-hours']));
  expect(nameOf({ on: 'Mon 00:00 - Sat 00:00' })).toBe('weekend');
  expect(nameOf({ on: 'weekend' })).toBe('on weekend');
});

test.each([
  ['', 1, 'expected a day, a time or a name such as weekend, but it ends here', 'write weekend,'],
  ['   ', 4, 'it ends here', 'write weekend,'],
  ['weeknd', 1, "found 'weeknd'", "did you mean 'weekend'?"],
  ['nigths, weekend', 1, "found 'nigths'", "did you mean 'nights'?"],
  ['nights, ofice-hours', 9, "found 'ofice-hours'", "did you mean 'office-hours'?"],
  ['Fri 19:00 - Mnoday 07:00', 13, "expected a day, but found 'Mnoday'", "did you mean 'Monday'?"],
  ['Mo-Fr 09:00 - 17:00', 1, "found 'Mo-Fr'", "did you mean 'Mon'?"],
  ['Fri 19:00', 10, "expected '-' and the time at which it ends", 'write weekend,'],
  ['Fri 19:00 - Mon', 16, 'expected a time such as 19:00, but it ends here', 'write weekend,'],
  ['Fri - Mon', 10, 'expected a time such as 19:00', 'write weekend,'],
  ['nights weekend', 8, "expected a comma or the end, but found 'weekend'", ''],
  ['nights,', 8, 'but it ends here', ''],
  ['nights,,weekend', 8, "but found ','", ''],
  ['25:00 - 07:00', 1, "'25:00' is not a time: hours go from 00 to 23", ''],
  ['19:60 - 07:00', 1, 'minutes go from 00 to 59', ''],
  ['19.30 - 07:00', 1, 'it is written as hours, a colon and two digits', ''],
  ['24:00 - 07:00', 1, 'the day begins at 00:00', ''],
  ['13pm - 07:00', 1, 'hours with pm go from 1 to 12', ''],
  ['Mon-Fri 9 - 5', 9, 'it could be the morning or the evening', 'write 09:00 or 9pm'],
  ['0 - 12', 1, 'it could be the morning or the evening', 'write 00:00'],
  ['19:00:00 - 07:00', 1, 'it is written as hours', ''],
  ['19:00 - 19:00', 9, 'it ends when it begins', 'write 00:00 - 24:00'],
  ['Mon 09:00 - Mon 09:00', 13, 'it ends when it begins', ''],
  ['Mon-Fri 19:00 - Mon 07:00', 17, 'a day stands here only behind a single day', ''],
  ['19:00 - Mon 07:00', 9, 'a day stands here only behind a single day', ''],
  ['weekend; nights', 8, '";" has no meaning here', ''],
  ['🦓', 1, '"🦓" has no meaning here', ''],
  ['nights,🦓', 8, '"🦓" has no meaning here', ''],
  ['0 19 * * 5', 6, '"*" has no meaning here', ''],
  ['a'.repeat(1001), 1, 'longer than 1000 characters', ''],
])('%s: column %d: %s', (off, column, says, hint) => {
  const error = mistakeOf({ off });
  expect(error.code).toBe('usage');
  expect(error.message).toContain(`, column ${column}: `);
  expect(error.message).toContain(says);
  expect(error.hints.join()).toContain(hint);
});

test.each([
  [{ off: '00:00 - 24:00' }, 'always off'],
  [{ on: '00:00 - 12:00, 12:00 - 00:00' }, 'always on'],
  [{ off: 'weekend, Mon 00:00 - Sat 00:00' }, 'always off'],
  [{}, 'either when it is off or when it is on'],
  [{ off: 'weekend', on: 'weekend' }, 'either when it is off or when it is on'],
])('%j is refused: %s', (request, says) => {
  expect(mistakeOf(request)).toMatchObject({ code: 'usage', message: expect.stringContaining(says) as string });
});

test('a schedule whose name is too long for a tag is refused with a hint', () => {
  const off = Array.from({ length: 10 }, (_, hour) => `${10 + hour}:0${hour} - ${10 + hour}:30`).join(',');
  expect(mistakeOf({ off })).toMatchObject({
    message: expect.stringContaining('too long to be kept in a tag') as string,
    hints: [expect.stringContaining('use fewer parts') as string],
  });
});

test('an unknown zone is refused with the nearest', () => {
  expect(() => parseSchedule({ off: 'weekend', zone: 'Europe/Belrin' })).toThrow(
    expect.objectContaining({ hints: ["did you mean 'Europe/Berlin'?"] }),
  );
});

test('no words are a crash, and a name read again is the same schedule', () => {
  const words = fc.constantFrom(
    ...'weekend nights office-hours Mon Fri sun Mon-Fri Sat-Mon 00:00 07:00 19:00 24:00 7pm 12 - – , + on'.split(' '),
  );
  const times = fc.tuple(fc.nat(23), fc.constantFrom('00', '15', '45')).map(([hour, minute]) => `${hour}:${minute}`);
  const days = fc.constantFrom('', 'Mon ', 'Sat ', 'Mon-Fri ', 'Fri-Mon ', 'Sun-Tue ');
  const parts = fc.tuple(days, times, times).map(([day, start, end]) => `${day}${start} - ${end}`);
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(words, { maxLength: 12 }).map((list) => list.join(' ')),
    fc.array(parts, { minLength: 1, maxLength: 3 }).map((list) => list.join(',')),
  );
  let valid = 0;
  fc.assert(
    fc.property(texts, fc.constantFrom('off', 'on'), (text, side) => {
      const name = attempt({ [side]: text });
      if (name === undefined) return;
      valid++;
      const again = name.startsWith('on ') ? { on: name.slice(3) } : { off: name };
      expect(nameOf(again)).toBe(name);
    }),
    { numRuns: 1000 },
  );
  expect(valid).toBeGreaterThan(100);
});

function attempt(request: { off?: string; on?: string }): string | undefined {
  try {
    return nameOf(request);
  } catch (error) {
    if (error instanceof UserError && error.code === 'usage') return undefined;
    throw error;
  }
}

function mistakeOf(request: { off?: string; on?: string }): UserError {
  try {
    parseSchedule({ ...request, zone });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(request)} is a schedule`);
}
