import { zonedOf } from '../../time/temporal-oracle.ts';

/** A span in which the clocks of a zone are not set. */
export interface Span {
  /** Seconds east of UTC. */
  offset: number;
  /** Unix seconds, the second one without the span. */
  start: number;
  end: number;
}

/** The clocks of a zone by Temporal alone, for moments from a month before `from` to one behind `to`. */
export function spansOf(zone: string, from: number, to: number): (seconds: number) => Span {
  const margin = 40 * 86_400;
  const spans: Span[] = [];
  let at = zonedOf(from - margin, zone);
  let start = -Infinity;
  while (start < to + margin) {
    const next = at.getTimeZoneTransition('next');
    const end = next === null ? Infinity : next.epochMilliseconds / 1000;
    spans.push({ offset: at.offsetNanoseconds / 1e9, start, end });
    if (next === null) break;
    [at, start] = [next, end];
  }
  return (seconds) => spans.find(({ end }) => seconds < end) ?? spans.at(-1)!;
}

/** One field of a crontab as numbers: lists, ranges and steps, without names. */
export function numbersOf(field: string, low: number, high: number): Set<number> {
  const numbers = new Set<number>();
  for (const item of field.split(',')) {
    const [range, step = '1'] = item.split('/');
    const [first = '', last = first] = range === '*' ? [`${low}`, `${high}`] : range!.split('-');
    for (let value = Number(first); value <= Number(last); value += Number(step)) numbers.add(value);
  }
  return numbers;
}
