import type { Metric, PerformanceData } from '../../results/metric.ts';
import type { LogRuleResult } from '../log-records.ts';

/**
 * The metrics of one rule, with its labels. What could not be told has no `fired`: 0 would say that all is well. The
 * performance data for Nagios is what the threshold is compared with, so the most within its period.
 */
export function* ruleMetrics(result: LogRuleResult): Generator<Metric> {
  const { subject: rule, severity, count, peak, fired, undecided } = result;
  // No label is named rule or severity, see schema-logs-grep.ts.
  const labels = { rule, ...result.labels };
  yield {
    name: 'devops_logs_rule_lines',
    help: 'Lines that the rule is about.',
    type: 'gauge',
    labels,
    value: count,
  };
  yield {
    name: 'devops_logs_rule_peak',
    help: "The most lines within any period of the rule's threshold, or in all.",
    type: 'gauge',
    labels,
    value: peak,
    performance: performanceOf(result),
  };
  if (undecided !== undefined) return;
  yield {
    name: 'devops_logs_rule_fired',
    help: 'Whether the rule fired; absent when that cannot be told.',
    type: 'gauge',
    labels: { rule, severity, ...result.labels },
    value: fired ? 1 : 0,
  };
}

function performanceOf({ subject, severity, peak, threshold, at_least: least }: LogRuleResult): PerformanceData {
  // Too few within a period is no matter of one number.
  const low = least === undefined || least.per_seconds !== undefined ? undefined : least.count;
  // An alarm is what lies outside, and both ends lie inside, in the words of the plugin guidelines.
  const high = threshold === undefined ? '' : String(threshold.count - 1);
  const range = low === undefined ? high : `${low}:${high}`;
  return { label: subject, value: peak, minimum: 0, ...(range === '' ? {} : { [severity]: range }) };
}
