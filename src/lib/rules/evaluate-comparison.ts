import { nearest } from '../errors/nearest.ts';
import type { Labels } from './declared-metric.ts';
import { formatPair, formatSelector, quoteLabel } from './format-value.ts';
import type { Instance } from './instance.ts';
import type { Gap, Reading, Sample } from './reading.ts';
import type { Comparison, ComparisonOperator } from './rule.ts';
import { compileSelect } from './select.ts';

/** A comparison that had nothing to compare. */
export interface Missing {
  metric: string;
  subject: string;
  /** Those that the rule asks for by name. */
  labels: Labels;
  message: string;
}

const holds: Readonly<Record<ComparisonOperator, (value: number, limit: number) => boolean>> = {
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '==': (value, limit) => value === limit,
  '!=': (value, limit) => value !== limit,
};

/** One instance for everything that the comparison selects, or why there is none. */
export function evaluateComparison(comparison: Comparison, reading: Reading): Instance[] | Missing {
  const select = compileSelect(comparison.matchers, 'empty');
  const selectGap = compileSelect(comparison.matchers, 'anything');
  const instances: Instance[] = [];
  for (const sample of reading.samples) {
    const labels = select(sample);
    if (labels !== undefined) instances.push(judge(comparison, labels, sample.value));
  }
  const addGaps = (gaps: readonly Gap[], state: 'unknown' | 'not yet known', words: string): void => {
    for (const gap of gaps) {
      const labels = selectGap(gap);
      if (labels === undefined) continue;
      const { name, labels: names } = comparison.metric;
      const subject = formatSelector(name, names, labels);
      instances.push({ labels, subject, state, metric: name, message: `${subject} ${words}: ${gap.message}` });
    }
  };
  addGaps(reading.unreadable ?? [], 'unknown', 'could not be read');
  addGaps(reading.notYetKnown ?? [], 'not yet known', 'is not yet known');
  if (instances.length > 0) return instances;
  const isZero = reading.absentIsZero === true && reading.unavailable === undefined;
  return isZero ? [judge(comparison, namedLabels(comparison), 0)] : missing(comparison, reading);
}

function judge({ metric, operator, limit }: Comparison, labels: Labels, value: number): Instance {
  const subject = formatSelector(metric.name, metric.labels, labels);
  if (Number.isNaN(value)) {
    return {
      labels,
      subject,
      state: 'unknown',
      metric: metric.name,
      message: `${subject} could not be read: it is no number`,
    };
  }
  const [shown, shownLimit] = formatPair(value, limit, metric.unit);
  const state = holds[operator](value, limit) ? 'fired' : 'ok';
  return {
    labels,
    subject,
    state,
    metric: metric.name,
    value,
    message: `${subject} is ${shown}, limit ${operator} ${shownLimit}`,
  };
}

function namedLabels({ matchers }: Comparison): Labels {
  return Object.fromEntries(
    matchers.filter(({ operator }) => operator === '=').map(({ label, value }) => [label, value]),
  );
}

function missing(comparison: Comparison, { samples, unavailable }: Reading): Missing {
  const { metric, matchers } = comparison;
  const written = matchers.map(({ label, operator, value }) => `${label}${operator}${quoteLabel(value)}`);
  const subject = written.length === 0 ? metric.name : `${metric.name}{${written.join(',')}}`;
  const reason = unavailable === undefined ? nearestHint(comparison, samples) : `: ${unavailable}`;
  return {
    metric: metric.name,
    subject,
    labels: namedLabels(comparison),
    message: `nothing here matches ${subject}${reason}`,
  };
}

function nearestHint({ matchers }: Comparison, samples: readonly Sample[]): string {
  for (const { label, operator, value } of matchers) {
    if (operator !== '=') continue;
    const known = samples.map(({ labels }) => labels[label] ?? '').filter((other) => other !== '');
    const near = known.includes(value) ? undefined : nearest(value, known);
    if (near !== undefined) return `; the nearest is ${label}=${quoteLabel(near)}`;
  }
  return '';
}
