import { UserError } from '../errors/user-error.ts';
import { parseDuration } from '../quantity/duration.ts';
import { parseSize } from '../quantity/size.ts';
import type { MetricUnit } from './declared-metric.ts';

/** The value that a metric is compared with, in the metric's unit; undefined when `text` is no such value. */
export function parseLimit(text: string, unit: MetricUnit): number | undefined {
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : withUnit[unit](text);
  if (value === undefined || !Number.isFinite(value)) return undefined;
  // A percentage beyond its range is a slip (900 for 90) that would make a rule which can never fire.
  return unit === 'percent' && (value < 0 || value > 100) ? undefined : value;
}

const none = (): undefined => undefined;

const withUnit: Readonly<Record<MetricUnit, (text: string) => number | undefined>> = {
  bytes: (text) => unlessRefused(() => parseSize(text)),
  bytes_per_second: (text) => unlessRefused(() => parseSize(text.replace(/\/s$/, ''))),
  seconds: (text) => unlessRefused(() => parseDuration(text)),
  percent: (text) => (/^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : undefined),
  boolean: (text) => (text === 'true' ? 1 : text === 'false' ? 0 : undefined),
  celsius: none,
  count: none,
  per_second: none,
  ratio: none,
};

function unlessRefused(parse: () => number): number | undefined {
  try {
    return parse();
  } catch (error) {
    // The caller knows the metric and the column, and says it better.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** How a metric of this unit is spoken of (`disk.size is ...`), and what a limit for it looks like. */
export const limitWords: Readonly<Record<MetricUnit, { is: string; example: string }>> = {
  bytes: { is: 'in bytes', example: 'a size such as 5GiB, 500M (both powers of 1024), 1.5GB (powers of 1000) or 4096' },
  bytes_per_second: { is: 'in bytes per second', example: 'a size such as 50MiB/s, 50M or 4096' },
  percent: { is: 'in percent', example: 'a number from 0 to 100, such as 90 or 90%' },
  seconds: { is: 'in seconds', example: 'a duration such as 90s, 15m, 24h, 7d or a bare number of seconds' },
  celsius: { is: 'in degrees Celsius', example: 'a bare number such as 80' },
  count: { is: 'a count', example: 'a bare number such as 5' },
  per_second: { is: 'a number per second', example: 'a bare number such as 5' },
  ratio: { is: 'a plain number', example: 'a bare number such as 1.5' },
  boolean: { is: 'true or false', example: 'true or false (or 1 or 0)' },
};
