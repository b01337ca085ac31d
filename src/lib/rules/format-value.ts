import { formatDuration } from '../quantity/duration.ts';
import { formatSize } from '../quantity/size.ts';
import type { Labels, MetricUnit } from './declared-metric.ts';

type NumberUnit = Exclude<MetricUnit, 'boolean'>;

/** A value and its limit for people; with all their digits where rounding would make two different ones look the same. */
export function formatPair(value: number, limit: number, unit: MetricUnit): [string, string] {
  if (unit === 'boolean') return [value === 0 ? 'false' : 'true', String(limit)];
  const [first, second] = [formatValue(value, unit), formatValue(limit, unit)];
  if (first !== second || value === limit) return [first, second];
  return [formatExactly(value, unit), formatExactly(limit, unit)];
}

function formatValue(value: number, unit: NumberUnit): string {
  switch (unit) {
    case 'bytes':
      return formatSize(value);
    case 'bytes_per_second':
      return `${formatSize(value)}/s`;
    case 'seconds':
      return formatDuration(value);
    case 'percent':
      return `${Number(value.toFixed(1))} %`;
    case 'celsius':
    case 'count':
    case 'per_second':
    case 'ratio':
      return `${Number(value.toFixed(2))}${suffixes[unit]}`;
  }
  return unit satisfies never;
}

const suffixes: Readonly<Record<NumberUnit, string>> = {
  bytes: ' bytes',
  bytes_per_second: ' bytes/s',
  seconds: 's',
  percent: ' %',
  celsius: ' C',
  count: '',
  per_second: '/s',
  ratio: '',
};

function formatExactly(value: number, unit: NumberUnit): string {
  return `${value}${suffixes[unit]}`;
}

/** `disk.used_pct{mount="/var"}`, with only the labels that tell instances apart. One line, whatever the labels hold. */
export function formatSelector(metric: string, names: readonly string[], labels: Labels): string {
  const pairs = names
    .filter((name) => Object.hasOwn(labels, name))
    .map((name) => `${name}=${quoteLabel(labels[name]!)}`);
  return pairs.length === 0 ? metric : `${metric}{${pairs.join(',')}}`;
}

/** In quotes, on one line; what a terminal would obey or a reader would not see (controls, direction marks) is escaped. */
export function quoteLabel(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
