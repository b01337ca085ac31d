import type { Labels } from '../../rules/declared-metric.ts';
import type { Metric, PerformanceData } from '../../results/metric.ts';

/** A value that goes up and down. Nothing at all for a value that is not known. */
export function gauge(
  name: string,
  help: string,
  value: number | boolean | undefined,
  labels?: Labels,
  performance?: PerformanceData,
): Metric[] {
  return series('gauge', name, help, value, labels, performance);
}

/** A value that only grows, until what counts it starts anew. Nothing at all for a value that is not known. */
export function counter(name: string, help: string, value: number | undefined, labels?: Labels): Metric[] {
  return series('counter', name, help, value, labels);
}

function series(
  type: Metric['type'],
  name: string,
  help: string,
  value: number | boolean | undefined,
  labels?: Labels,
  performance?: PerformanceData,
): Metric[] {
  if (value === undefined) return [];
  return [{ name, help, type, value: Number(value), ...(labels && { labels }), ...(performance && { performance }) }];
}
