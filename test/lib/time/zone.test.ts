import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LocalTime } from '../../../src/lib/time/local-time.ts';
import { openZone, type Zone } from '../../../src/lib/time/zone.ts';
import { temporal, transitionsOf, zonedOf } from './temporal-oracle.ts';

const local = (text: string): LocalTime => {
  const [year, month, day, hour, minute, second] = text.split(/[-: ]/).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { year, month, day, hour, minute, second };
};

const unix = (text: string): number => Date.parse(text) / 1000;

// Temporal's answers and ours come from one database: these are what the laws of the places say.
test.each([
  ['Europe/Berlin', '2026-07-01 12:00:00', '2026-07-01T12:00:00+02:00', 'unique'],
  ['Europe/Berlin', '2026-03-29 01:59:59', '2026-03-29T01:59:59+01:00', 'unique'],
  ['Europe/Berlin', '2026-03-29 02:30:00', '2026-03-29T03:30:00+02:00', 'skipped'],
  ['Europe/Berlin', '2026-03-29 03:00:00', '2026-03-29T03:00:00+02:00', 'unique'],
  ['America/New_York', '2026-03-08 02:00:00', '2026-03-08T03:00:00-04:00', 'skipped'],
  // Half an hour of summer time.
  ['Australia/Lord_Howe', '2026-10-04 02:15:00', '2026-10-04T02:45:00+11:00', 'skipped'],
  // The day on which Samoa changed sides of the date line never was.
  ['Pacific/Apia', '2011-12-30 12:00:00', '2011-12-31T12:00:00+14:00', 'skipped'],
  ['Pacific/Apia', '2011-12-29 23:59:59', '2011-12-29T23:59:59-10:00', 'unique'],
  // Midnight itself is skipped in Chile.
  ['America/Santiago', '2026-09-06 00:00:00', '2026-09-06T01:00:00-03:00', 'skipped'],
  ['Asia/Kathmandu', '2026-11-20 14:00:05', '2026-11-20T14:00:05+05:45', 'unique'],
])('in %s %s is %s, %s', (name, wall, moment, kind) => {
  for (const zone of [openZone(name), openZone(name, 'intl')]) {
    for (const choice of ['earlier', 'later'] as const) {
      expect(zone.toUnix(local(wall), choice)).toEqual({ seconds: unix(moment), kind });
    }
  }
});

test.each([
  ['Europe/Berlin', '2026-10-25 02:30:00', '2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00'],
  ['America/New_York', '2026-11-01 01:00:00', '2026-11-01T01:00:00-04:00', '2026-11-01T01:00:00-05:00'],
  ['Australia/Lord_Howe', '2026-04-05 01:45:00', '2026-04-05T01:45:00+11:00', '2026-04-05T01:45:00+10:30'],
  // Two hours, as Norway's station in the Antarctic has it.
  ['Antarctica/Troll', '2026-10-25 01:30:00', '2026-10-25T01:30:00+02:00', '2026-10-25T01:30:00+00:00'],
  ['America/Havana', '2026-11-01 00:00:00', '2026-11-01T00:00:00-04:00', '2026-11-01T00:00:00-05:00'],
])('in %s %s is first %s, then %s', (name, wall, earlier, later) => {
  for (const zone of [openZone(name), openZone(name, 'intl')]) {
    expect(zone.toUnix(local(wall), 'earlier')).toEqual({ seconds: unix(earlier), kind: 'repeated' });
    expect(zone.toUnix(local(wall), 'later')).toEqual({ seconds: unix(later), kind: 'repeated' });
  }
});

test('offsets from before there were hours have seconds', () => {
  for (const zone of [openZone('Africa/Monrovia'), openZone('Africa/Monrovia', 'intl')]) {
    expect(zone.offsetSeconds(0)).toBe(-2670);
    expect(zone.toLocal(0)).toEqual(local('1969-12-31 23:15:30'));
  }
});

describe.skipIf(temporal === undefined)('beside Temporal (Node 26)', () => {
  const names = Intl.supportedValuesOf('timeZone');
  const changing = temporal === undefined ? [] : names.filter((name) => transitionsOf(name, 2026, 2027).length > 0);

  test('each zone with a transition in 2026 or 2027 is the same on a grid around it, both ways', () => {
    expect(changing.length).toBeGreaterThan(100);
    const wrong = changing.flatMap((name) => {
      const ours = [openZone(name), openZone(name, 'intl')];
      return transitionsOf(name, 2026, 2027)
        .flatMap((transition) => [...gridAround(transition)])
        .flatMap((moment) => differences(ours, name, moment));
    });
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('each transition of each zone from 1850 to 2040 is at its second, by Intl as well', () => {
    const wrong = names.flatMap((name) => {
      const intl = openZone(name, 'intl');
      return transitionsOf(name, 1850, 2040)
        .flatMap((transition) => [transition - 1, transition])
        .filter((moment) => intl.offsetSeconds(moment) !== zonedOf(moment, name).offsetNanoseconds / 1e9);
    });
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('moments of all centuries in any order are the same', () => {
    const zones = ['Europe/Dublin', 'Africa/Casablanca', 'America/Noronha', 'Pacific/Apia'].map((name) => ({
      name,
      ours: [openZone(name), openZone(name, 'intl')],
    }));
    const century = fc.integer({ min: unix('1880-01-01T00:00Z'), max: unix('2200-01-01T00:00Z') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), century, ({ name, ours }, moment) => {
        expect(differences(ours, name, moment)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});

/** A quarter of an hour is the finest step of any zone's clock of today; the seconds beside the transition are extra. */
function* gridAround(transition: number): Generator<number> {
  yield* [transition - 1, transition + 1];
  for (let quarter = -96; quarter <= 96; quarter++) yield transition + quarter * 900;
}

/** Compares the moment, and the local time that UTC's clock shows then, which may be a skipped one. */
function differences(ours: Zone[], name: string, moment: number): string[] {
  const zoned = zonedOf(moment, name);
  const offset = zoned.offsetNanoseconds / 1e9;
  // A local time near the transition: the clock of this moment, moved on by up to an hour.
  const wall = openZone('UTC').toLocal(Math.floor(moment + offset + (moment % 7200) / 2));
  const plain = temporal!.PlainDateTime.from(wall);
  const first = plain.toZonedDateTime(name, { disambiguation: 'earlier' });
  const second = plain.toZonedDateTime(name, { disambiguation: 'later' });
  const repeated = first.toPlainDateTime().equals(plain);
  const isOne = first.epochMilliseconds === second.epochMilliseconds;
  const kind = isOne ? 'unique' : repeated ? 'repeated' : 'skipped';
  const earlier = (kind === 'repeated' ? first : second).epochMilliseconds / 1000;
  const later = second.epochMilliseconds / 1000;
  return ours.flatMap((zone) => {
    const back = zone.toUnix(zone.toLocal(moment), 'earlier').seconds;
    const alsoBack = zone.toUnix(zone.toLocal(moment), 'later').seconds;
    const [before, after] = [zone.toUnix(wall, 'earlier'), zone.toUnix(wall, 'later')];
    const same =
      zone.offsetSeconds(moment) === offset &&
      (back === moment || alsoBack === moment) &&
      before.kind === kind &&
      before.seconds === earlier &&
      after.seconds === later;
    return same ? [] : [`${name} at ${moment}, ${JSON.stringify(wall)}: ${kind} ${JSON.stringify([before, after])}`];
  });
}

test('a fraction of a second comes back as it was', () => {
  const zone = openZone('America/New_York');
  // Doubles of one precision: from 2004 to 2036.
  fc.assert(
    fc.property(fc.double({ min: 1.1e9, max: 2.1e9, noNaN: true }), (seconds) => {
      const wall = zone.toLocal(seconds);
      expect([zone.toUnix(wall, 'earlier').seconds, zone.toUnix(wall, 'later').seconds]).toContain(seconds);
    }),
  );
});

test('what no calendar has is answered without a throw', () => {
  for (const zone of [openZone('Europe/Berlin'), openZone('Europe/Berlin', 'intl')]) {
    for (const moment of [8.64e12, -8.64e12, 1e300, -1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(zone.offsetSeconds(moment)).toSatisfy(Number.isInteger);
    }
    expect(zone.offsetSeconds(Number.NaN)).toBeNaN();
    expect(zone.toUnix({ ...local('2026-01-01 00:00:00'), year: Number.NaN }, 'later').seconds).toBeNaN();
  }
});

test.each([
  ['UTC', 'UTC', 0],
  ['z', 'UTC', 0],
  ['Etc/UTC', 'UTC', 0],
  ['+02:00', '+02:00', 7200],
  ['-0330', '-03:30', -12_600],
  ['+00:00', '+00:00', 0],
])('%s is the fixed zone %s', (name, shown, offset) => {
  const zone = openZone(name);
  expect(zone.name).toBe(shown);
  expect(zone.offsetSeconds(1.8e9)).toBe(offset);
  const wall = local('2026-03-29 02:30:00');
  const moment = { seconds: unix('2026-03-29T02:30:00Z') - offset, kind: 'unique' };
  expect(zone.toUnix(wall, 'later')).toEqual(moment);
  expect(zone.toLocal(moment.seconds)).toEqual(wall);
});

test.each([
  ['europe/BERLIN', 'Europe/Berlin'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['EST5EDT', 'EST5EDT'],
  ['Etc/GMT+5', 'Etc/GMT+5'],
])('%s is a zone of the database', (name, shown) => {
  expect(openZone(name).name).toBe(shown);
  expect(openZone(name, 'intl').name).toBe(shown);
});

test.each([
  ['berlin', "did you mean 'Europe/Berlin'?"],
  ['New York', "did you mean 'America/New_York'?"],
  ['Europe/Berln', "did you mean 'Europe/Berlin'?"],
  ['Amsterdm', "did you mean 'Europe/Amsterdam'?"],
  ['GMT+5', "did you mean '+05:00'?"],
  ['utc-03:30', "did you mean '-03:30'?"],
  // ICU takes these for India and for Darwin.
  ['IST', expect.stringContaining('such as Europe/Berlin')],
  ['ACT', expect.stringContaining('such as Europe/Berlin')],
  ['SystemV/PST8', expect.stringContaining('such as Europe/Berlin')],
  ['CET-1CEST,M3.5.0,M10.5.0/3', expect.stringContaining('such as Europe/Berlin')],
  ['', expect.stringContaining('such as Europe/Berlin')],
  ['+25:00', expect.stringContaining('such as Europe/Berlin')],
  ['../../etc/passwd', expect.stringContaining('such as Europe/Berlin')],
  ['local', expect.anything()],
])('%s is not a time zone, and the hint helps', (name, hint) => {
  for (const source of [undefined, 'intl'] as const) {
    expect(() => openZone(name, source)).toThrow(
      expect.objectContaining({ message: `'${name}' is not a time zone`, code: 'usage', hints: [hint] }),
    );
  }
});

test('a name of a megabyte is refused at once, and shown in part', () => {
  const started = performance.now();
  expect(() => openZone('Europe/'.repeat(150_000))).toThrow(/^'(?:Europe\/){9}E' is not a time zone$/);
  expect(performance.now() - started).toBeLessThan(500);
});
