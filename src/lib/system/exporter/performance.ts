import type { PerformanceData } from '../../results/metric.ts';
import type { Labels, MetricUnit } from '../../rules/declared-metric.ts';
import type { Comparison, ComparisonOperator } from '../../rules/rule.ts';
import { checkSystemRule } from '../check-system-rule.ts';
import { metricCatalogue } from '../metric-catalogue.ts';
import type { RuleResult } from '../report.ts';

/** The performance data of one value; undefined when that value has been told before, because labels must be unique. */
export type Performance = (metric: string, labels: Labels, value: number | undefined) => PerformanceData | undefined;

type Ranges = Pick<PerformanceData, 'warning' | 'critical'>;

/**
 * Performance data as the Monitoring Plugins Development Guidelines have it, under the names and in the units of the
 * rules, with the limits of those rules that judged the value by one comparison.
 */
export function createPerformance(rules: readonly RuleResult[]): Performance {
  const ranges = rangesOf(rules);
  const told = new Set<string>();
  return (metric, labels, value) => {
    if (value === undefined || !Number.isFinite(value)) return undefined;
    const label = labelOf(metric, labels);
    if (told.has(label)) return undefined;
    told.add(label);
    const { unit } = metricCatalogue.get(metric)!;
    return { label, value, ...units[unit], ...ranges.get(label) };
  };
}

const units: Readonly<Record<MetricUnit, Pick<PerformanceData, 'unit' | 'minimum'>>> = {
  percent: { unit: '%' },
  bytes: { unit: 'B', minimum: 0 },
  seconds: { unit: 's', minimum: 0 },
  // The guideline has no unit for the others.
  bytes_per_second: { minimum: 0 },
  per_second: { minimum: 0 },
  count: { minimum: 0 },
  ratio: { minimum: 0 },
  boolean: { minimum: 0 },
  celsius: {},
};

/**
 * `disk.used_pct /var`: the metric and the labels that tell its instances apart. What the guideline forbids in a label
 * (`=`, `'`), what ends it (`|`, a newline) and other controls are escaped as in URLs, so that two labels never meet.
 */
function labelOf(metric: string, labels: Labels): string {
  const values = metricCatalogue
    .get(metric)!
    .labels.flatMap((name) => (Object.hasOwn(labels, name) ? labels[name]! : []));
  // eslint-disable-next-line no-control-regex -- control characters are what is escaped
  return [metric, ...values].join(' ').replaceAll(/[%=|'\u0000-\u001f\u007f]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/** By label. Of two rules of one severity on one value, the first one counts: a range has room for one. */
function rangesOf(rules: readonly RuleResult[]): Map<string, Ranges> {
  const comparisons = new Map<string, Comparison | undefined>();
  const ranges = new Map<string, Ranges>();
  for (const { rule, severity, metric, labels } of rules) {
    if (!comparisons.has(rule)) comparisons.set(rule, comparisonOf(rule));
    const comparison = comparisons.get(rule);
    if (comparison === undefined) continue;
    const label = labelOf(metric, labels);
    ranges.set(label, { [severity]: rangeOf(comparison), ...ranges.get(label) });
  }
  return ranges;
}

/** Undefined for a rule with `and` or `or`: none of its limits alone decides. */
function comparisonOf(rule: string): Comparison | undefined {
  const { condition } = checkSystemRule(rule);
  return condition.kind === 'comparison' ? condition : undefined;
}

/** A range of the guideline alerts outside of its ends, or with `@` inside of them, the ends included. */
const rangeTexts: Readonly<Record<ComparisonOperator, (limit: string) => string>> = {
  '>': (limit) => `~:${limit}`,
  '>=': (limit) => `@${limit}:`,
  '<': (limit) => `${limit}:`,
  '<=': (limit) => `@~:${limit}`,
  '==': (limit) => `@${limit}:${limit}`,
  '!=': (limit) => `${limit}:${limit}`,
};

function rangeOf({ operator, limit, metric }: Comparison): string {
  const text = plainNumber(limit);
  // The short form alerts below 0, too: right only for what is never below 0.
  if (operator === '>' && limit >= 0 && metric.unit !== 'celsius') return text;
  return rangeTexts[operator](text);
}

/** All digits: the guideline's grammar has no exponents. */
function plainNumber(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(6).replace(/\.?0+$/, '');
}
