import { printable } from '../../text/printable.ts';
import type { LogRule, Threshold } from './log-rule.ts';

/** What of a command line makes a rule of its own. */
export interface RuleOptions {
  /** Of which one must be in the line. */
  patterns: readonly string[];
  /** The line must have none of them. */
  invert?: boolean | undefined;
  /** As typed. */
  level?: string | undefined;
  /** As typed; who asks for it has to see to it, for a rule knows no conditions. */
  where?: string | undefined;
  threshold?: Threshold | undefined;
}

const longestName = 200;

/**
 * The rule that a command line without rules is judged by. Its name is what was asked for, so that it is the same in
 * every run, and another one for every other search: `timeout or refused, level error, where status>=500`.
 */
export function ruleOfPattern({ patterns, invert, level, where, threshold }: RuleOptions): LogRule {
  const parts: string[] = [];
  const names = patterns.map((pattern) => (pattern === '' ? 'any line' : pattern));
  if (names.length > 0) parts.push(invert === true ? `not ${names.join(' nor ')}` : names.join(' or '));
  if (level !== undefined) parts.push(`level ${level}`);
  if (where !== undefined) parts.push(`where ${where}`);
  const rule: LogRule = { name: nameOf(parts.join(', ')), severity: 'critical', labels: {} };
  if (patterns.length > 0) rule[invert === true ? 'not' : 'match'] = [...patterns];
  if (level !== undefined) rule.level = level;
  if (threshold !== undefined) rule.threshold = threshold;
  return rule;
}

function nameOf(text: string): string {
  const name = printable(text === '' ? 'any line' : text);
  return name.length <= longestName ? name : `${name.slice(0, longestName - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}
