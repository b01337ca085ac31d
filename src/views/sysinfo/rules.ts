import type { Screen } from '../../command.ts';
import type { RuleResult, SysinfoReport } from '../../lib/system/report.ts';
import { type Color, paint } from '../../terminal/color.ts';
import { printable } from '../../terminal/printable.ts';

/** --explain: every rule with what it compared. */
export function explainRules({ rules }: SysinfoReport, screen: Screen): string {
  if (rules.length === 0) return 'no rules: give --warn-if or --fail-if, or write them into devops.yaml';
  const widest = Math.max(...rules.map((result) => stateWord(result).length));
  return rules.map((result) => ruleLines(result, widest, screen)).join('\n');
}

function ruleLines(result: RuleResult, widest: number, screen: Screen): string {
  const word = stateWord(result);
  const state = paint(screen, colorOf(result), word.padEnd(widest));
  const since = result.since === undefined ? '' : ` since ${result.since}`;
  const rule = result.name === undefined ? result.rule : `${result.name}: ${result.rule}`;
  return `${state}  ${printable(result.message)}${since}\n${' '.repeat(widest)}  ${paint(screen, 'dim', printable(rule))}`;
}

function stateWord({ state, severity }: RuleResult): string {
  return state === 'fired' ? severity : state;
}

function colorOf({ state, severity }: RuleResult): Color {
  if (state === 'ok') return 'green';
  if (state === 'fired') return severity === 'critical' ? 'red' : 'yellow';
  return state === 'unknown' ? 'red' : 'yellow';
}
