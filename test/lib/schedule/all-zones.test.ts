import { expect, test } from 'vitest';
import { temporal } from '../time/temporal-oracle.ts';
import { changingZones, differences, scheduleOf, told } from './compare.ts';

const day = 86_400;

// `LONG=1 node test/lib/schedule/long.ts` compares the whole two years in every zone.
test.skipIf(temporal === undefined)(
  'around every change of the clocks in 2026 and 2027, in every zone, schedules hold what Temporal says',
  () => {
    const zones = changingZones(2026, 2027);
    const names = zones.map(({ zone }) => zone);
    expect(names).toEqual(expect.arrayContaining(['Australia/Lord_Howe', 'Pacific/Chatham', 'Europe/Berlin']));
    expect(zones.length).toBeGreaterThan(100);
    const different: string[] = [];
    let compared = 0;
    for (const { zone, transitions } of zones) {
      for (const each of told) {
        const schedule = scheduleOf(each.words, zone);
        for (const at of transitions) {
          const found = differences(each, zone, at - 3 * day, at + 3 * day, schedule);
          compared += found.compared;
          different.push(...found.different);
        }
      }
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(1_000_000);
  },
);

test.skipIf(temporal === undefined).each(['Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', '+05:45'])(
  'through 2026 and 2027 schedules hold in %s what Temporal says',
  (zone) => {
    for (const each of told) {
      const found = differences(each, zone, Date.UTC(2026, 0, 1) / 1000, Date.UTC(2028, 0, 1) / 1000);
      expect(found).toEqual({ compared: 730 * 96 + 1, different: [] });
    }
  },
);
