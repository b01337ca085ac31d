import type { RuleResult } from '../system/report.ts';
import type { DeclaredMetric } from './declared-metric.ts';
import { evaluateComparison } from './evaluate-comparison.ts';
import type { Missing } from './evaluate-comparison.ts';
import { agree, combine, identityOf, strongest } from './instance.ts';
import type { Instance } from './instance.ts';
import type { Reading } from './reading.ts';
import { metricsOf } from './rule.ts';
import type { Condition, Rule } from './rule.ts';

export interface RuleOptions {
  severity: RuleResult['severity'];
  name?: string;
  /** Nothing to compare is `missing` and no failure. */
  allowMissing?: boolean;
}

/**
 * What a rule finds: one result for every instance, none of which hides another.
 *
 * - Any instance for which the condition holds is `fired`.
 * - `a or b` has the instances of both; those with equal labels are one.
 * - `a and b` has the instances of the side with more labels, each with those of the other side whose common labels are
 *   equal; at least one of them must hold. One that has no partner drops out, as in Prometheus.
 * - A comparison that selects nothing is a result of its own, `unknown` (or `missing`): a renamed mount must not silence
 *   the rule, also where the other side of an `or` is well.
 * - `for` is not looked at here, see for-state.ts.
 */
export function evaluateRule(
  rule: Rule,
  readingOf: (metric: DeclaredMetric) => Reading,
  options: RuleOptions,
): RuleResult[] {
  const missing: Missing[] = [];
  const instances = evaluateCondition(rule.condition, readingOf, missing);
  const head = {
    rule: rule.text,
    ...(options.name === undefined ? {} : { name: options.name }),
    severity: options.severity,
  };
  return [
    ...instances.map((instance) => resultOf(head, instance)),
    ...missing.map((comparison): RuleResult => {
      const state = options.allowMissing === true ? 'missing' : 'unknown';
      return { ...head, state, ...comparison, labels: { ...comparison.labels } };
    }),
  ];
}

function resultOf(head: Pick<RuleResult, 'rule' | 'name' | 'severity'>, instance: Instance): RuleResult {
  const { state, subject, metric, value, message } = instance;
  const result: RuleResult = { ...head, state, subject, metric, labels: { ...instance.labels }, message };
  // JSON has no Infinity; the message says 'never'.
  if (value !== undefined && Number.isFinite(value)) result.value = value;
  return result;
}

function evaluateCondition(
  condition: Condition,
  readingOf: (metric: DeclaredMetric) => Reading,
  missing: Missing[],
): Instance[] {
  if (condition.kind === 'comparison') {
    const found = evaluateComparison(condition, readingOf(condition.metric));
    if (Array.isArray(found)) return found;
    missing.push(found);
    return [];
  }
  const operands = condition.operands.map((operand) => evaluateCondition(operand, readingOf, missing));
  if (condition.kind === 'or') return operands.reduce(unite);
  const joined = operands.reduce(intersect);
  if (joined.length === 0 && operands.every((instances) => instances.length > 0)) {
    missing.push(nothingInCommon(condition));
  }
  return joined;
}

function unite(left: readonly Instance[], right: readonly Instance[]): Instance[] {
  const united = new Map<string, Instance>();
  for (const instance of [...left, ...right]) {
    const key = identityOf(instance.labels);
    const same = united.get(key);
    united.set(key, same === undefined ? instance : combine('or', same, instance, same.labels));
  }
  return [...united.values()];
}

function intersect(left: readonly Instance[], right: readonly Instance[]): Instance[] {
  const rightLeads = countLabels(right) > countLabels(left);
  const [leading, following] = rightLeads ? [right, left] : [left, right];
  return leading.flatMap((instance) => {
    const partner = strongest(following.filter((other) => agree(instance.labels, other.labels)));
    if (partner === undefined) return [];
    const [first, second] = rightLeads ? [partner, instance] : [instance, partner];
    return [combine('and', first, second, instance.labels)];
  });
}

function countLabels(instances: readonly Instance[]): number {
  return new Set(instances.flatMap(({ labels }) => Object.keys(labels))).size;
}

function nothingInCommon(condition: Condition): Missing {
  const names = metricsOf(condition).map(({ name }) => name);
  const message = `nothing here has both: ${names.join(' and ')} share no instance with equal labels`;
  return { metric: names[0]!, subject: names.join(' and '), labels: {}, message };
}
