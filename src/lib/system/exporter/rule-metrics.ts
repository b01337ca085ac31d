import type { Metric } from '../../results/metric.ts';
import type { Labels } from '../../rules/declared-metric.ts';
import type { RuleResult } from '../report.ts';
import type { Performance } from './performance.ts';
import { gauge } from './series.ts';

const states: readonly RuleResult['state'][] = ['ok', 'pending', 'fired', 'unknown', 'missing', 'not yet known'];
const ownLabels = new Set(['rule', 'rule_name', 'severity', 'metric', 'state']);

/** What the rules found. Every state is a series, 1 for the one it is in, so that an alert can name a state. */
export function* ruleMetrics(rules: readonly RuleResult[], performance: Performance): Generator<Metric> {
  for (const result of rules) {
    const labels = labelsOf(result);
    for (const state of states) {
      yield* gauge(
        'devops_sysinfo_rule_state',
        'Whether this is the state of the rule for this subject.',
        result.state === state,
        { ...labels, state },
      );
    }
    yield* gauge(
      'devops_sysinfo_rule_value',
      'What the rule compared, in the unit of its metric.',
      result.value,
      labels,
      performance(result.metric, result.labels, result.value),
    );
  }
}

/** A label of the subject that is called like one of ours gets the prefix that Prometheus gives in that case. */
function labelsOf({ rule, name, severity, metric, labels }: RuleResult): Labels {
  const subject = Object.entries(labels).map(([label, value]): [string, string] => {
    return [ownLabels.has(label) ? `exported_${label}` : label, value];
  });
  return { rule, ...(name !== undefined && { rule_name: name }), severity, metric, ...Object.fromEntries(subject) };
}
