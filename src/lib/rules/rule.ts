import type { DeclaredMetric } from './declared-metric.ts';

/** A parsed rule: plain data. */
export interface Rule {
  /** As it was written. */
  text: string;
  condition: Condition;
  /** How long the whole condition must hold before the rule fires. */
  forSeconds?: number;
}

export type Condition = Comparison | Combination;

export interface Combination {
  kind: 'and' | 'or';
  /** At least two. */
  operands: Condition[];
}

export interface Comparison {
  kind: 'comparison';
  metric: DeclaredMetric;
  matchers: Matcher[];
  operator: ComparisonOperator;
  /** In the metric's unit. */
  limit: number;
}

export type ComparisonOperator = '>' | '>=' | '<' | '<=' | '==' | '!=';

export interface Matcher {
  label: string;
  /** `=~` and `!~` compare with a regular expression that must match the whole value. */
  operator: MatchOperator;
  value: string;
}

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** The metrics that a condition compares, each once, in the order of the text. */
export function metricsOf(condition: Condition): DeclaredMetric[] {
  const metrics =
    condition.kind === 'comparison' ? [condition.metric] : condition.operands.flatMap((operand) => metricsOf(operand));
  return [...new Set(metrics)];
}
