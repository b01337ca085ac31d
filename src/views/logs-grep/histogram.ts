import type { Column, Screen } from '../../command.ts';
import type { LogBucket } from '../../lib/logs/log-records.ts';
import { formatDuration } from '../../lib/quantity/duration.ts';
import { printable } from '../../lib/text/printable.ts';
import { bar } from '../../terminal/bar.ts';
import { paint } from '../../terminal/color.ts';
import { pad } from '../../terminal/width.ts';
import { groupedNumber } from './grouped-number.ts';
import { rememberLast } from './remember-last.ts';
import { shortTimes } from './short-times.ts';

/** What every row of the picture depends on. */
interface Picture {
  startOf: ReadonlyMap<LogBucket, string>;
  numberCells: number;
  most: number;
  barCells: number;
}

const widestBar = 100;
const narrowestBar = 8;

/** When how much happened. On a screen each row has its bar, and a day is named once. */
export function bucketColumns(): readonly Column<LogBucket>[] {
  const picture = rememberLast(draw);
  return [
    {
      name: 'start',
      value: ({ start }) => start,
      cell: (bucket, screen, rows = [bucket]) => printable(picture(rows, screen).startOf.get(bucket)!),
    },
    { name: 'end', programsOnly: true, value: ({ end }) => end },
    {
      name: 'count',
      value: ({ count }) => count,
      cell(bucket, screen, rows = [bucket]) {
        const { numberCells, most, barCells } = picture(rows, screen);
        return `${pad(groupedNumber(bucket.count), numberCells, 'right')}  ${barOf(bucket.count, most, barCells, screen)}`;
      },
    },
  ];
}

function draw(buckets: readonly LogBucket[], { columns }: Screen): Picture {
  const times = buckets.map(({ start }) => start);
  const starts = shortTimes(times).column(times);
  const most = buckets.reduce((highest, { count }) => Math.max(highest, count), 0);
  const numberCells = Math.max('count'.length, groupedNumber(most).length);
  const room = columns - starts.reduce((widest, { length }) => Math.max(widest, length), 0) - numberCells - 4;
  const startOf = new Map(buckets.map((bucket, at) => [bucket, starts[at]!]));
  return { startOf, numberCells, most, barCells: Math.max(narrowestBar, Math.min(widestBar, room)) };
}

/** However few they are beside the most, they are not nothing. */
function barOf(count: number, most: number, cells: number, screen: Screen): string {
  if (count === 0) return '';
  const least = 1 / (screen.unicode ? cells * 8 : cells);
  return paint(screen, 'cyan', bar(Math.max(count / most, least), cells, screen.unicode).filled);
}

/** `31,204 found, 5m a row; most at 2026-11-20 14:20: 4,120; times: UTC+01:00`. */
export function bucketSummary(buckets: readonly LogBucket[]): string {
  const { column, zone } = shortTimes(buckets.map(({ start }) => start));
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const peak = buckets.reduce((highest, bucket) => (bucket.count > highest.count ? bucket : highest), buckets[0]!);
  const seconds = (Date.parse(peak.end) - Date.parse(peak.start)) / 1000;
  return [
    `${groupedNumber(total)} found${seconds > 0 ? `, ${formatDuration(seconds)} a row` : ''}`,
    ...(total === 0 || buckets.length === 1
      ? []
      : [`most at ${printable(column([peak.start])[0]!)}: ${groupedNumber(peak.count)}`]),
    ...(zone === undefined ? [] : [`times: ${zone}`]),
  ].join('; ');
}
