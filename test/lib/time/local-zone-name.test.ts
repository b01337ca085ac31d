import { expect, test } from 'vitest';
import { localZoneName } from '../../../src/lib/time/local-zone-name.ts';
import { openZone } from '../../../src/lib/time/zone.ts';

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  [':Europe/Berlin', 'Europe/Berlin'],
  ['/usr/share/zoneinfo/Europe/Berlin', 'Europe/Berlin'],
  [':/usr/share/zoneinfo/right/Europe/Berlin', 'Europe/Berlin'],
  ['EST5EDT', 'EST5EDT'],
  ['', 'UTC'],
  ['UTC0', 'UTC'],
  // West of Greenwich is positive in POSIX.
  ['UTC-3', '+03:00'],
  ['EST5', '-05:00'],
  ['GMT+5', '-05:00'],
  ['<+0330>-3:30', '+03:30'],
])('TZ=%s is %s', (value, name) => {
  expect(localZoneName({ TZ: value })).toBe(name);
  expect(openZone(name).name).toBe(name);
});

test("without TZ, or with the system's file, it is the zone of the system", () => {
  const system = new Date(2026, 6, 1, 12);
  for (const name of [localZoneName({}), localZoneName({ TZ: ':/etc/localtime' })]) {
    expect(openZone(name).toLocal(system.getTime() / 1000)).toMatchObject({ month: 7, day: 1, hour: 12 });
  }
});

test('a summer time rule of its own is not guessed at: opening it tells which TZ it was', () => {
  const name = localZoneName({ TZ: 'CET-1CEST,M3.5.0,M10.5.0/3' });
  expect(() => openZone(name)).toThrow("'CET-1CEST,M3.5.0,M10.5.0/3' is not a time zone");
});
