import type { LogRuleSetting, ThresholdSetting } from '../../config/schema-logs-grep.ts';
import type { LogRule, Threshold } from './log-rule.ts';
import { parsePeriod, parseThreshold } from './parse-threshold.ts';

/** A rule of devops.yaml or of a rules file, which the schema has checked, in the form that it is judged by. */
export function logRuleOf(setting: LogRuleSetting): LogRule {
  const { name, severity, level, message, threshold, at_least: least } = setting;
  // Not through a literal: a label named __proto__ would be none.
  const labels = Object.fromEntries(
    Object.entries(setting.labels ?? {}).map(([label, value]): [string, string] => [label, String(value)]),
  );
  const rule: LogRule = { name, severity, labels };
  for (const key of ['match', 'all', 'not', 'exclude'] as const) {
    const patterns = setting[key];
    if (patterns !== undefined) rule[key] = typeof patterns === 'string' ? [patterns] : patterns;
  }
  if (level !== undefined) rule.level = level;
  if (threshold !== undefined) rule.threshold = thresholdOf(threshold);
  if (least !== undefined) rule.atLeast = thresholdOf(least);
  if (message !== undefined) rule.message = message;
  return rule;
}

/** Throws UserError for a text that is no threshold. */
export function thresholdOf(setting: ThresholdSetting): Threshold {
  if (typeof setting === 'string') return parseThreshold(setting);
  if (typeof setting === 'number') return { count: setting };
  const { count, per } = setting;
  return per === undefined ? { count } : { count, perSeconds: parsePeriod(per, per) };
}
