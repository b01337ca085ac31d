import { changingZones, differences, told } from './compare.ts';

// By hand: node test/lib/schedule/long.ts [words of a zone]; LONG=1 means every zone that changes its clocks in these
// years, else every tenth.
const [from, until] = [Date.UTC(2026, 0, 1) / 1000, Date.UTC(2028, 0, 1) / 1000];
const wanted = process.argv[2];
const step = process.env['LONG'] === '1' || wanted !== undefined ? 1 : 10;
const zones = changingZones(2026, 2027).filter(
  ({ zone }, index) => index % step === 0 && (wanted === undefined || zone.includes(wanted)),
);
const sum = { zones: zones.length, schedules: told.length, compared: 0, different: 0 };
for (const { zone } of zones) {
  for (const each of told) {
    const { compared, different } = differences(each, zone, from, until);
    sum.compared += compared;
    sum.different += different.length;
    for (const line of different.slice(0, 3)) process.stdout.write(`${line}\n`);
  }
}
process.stdout.write(`${JSON.stringify(sum)}\n`);
process.exitCode = sum.different > 0 ? 1 : 0;
