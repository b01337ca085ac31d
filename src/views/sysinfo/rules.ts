import type { Screen } from '../../command.ts';
import type { RuleResult, SysinfoReport } from '../../lib/system/report.ts';
import { type Color, paint } from '../../terminal/color.ts';
import { clean, wrap } from './fit.ts';

/** --explain: every rule, and below it what it compared, each with its current value. */
export function explainRules({ rules }: SysinfoReport, screen: Screen): string {
  if (rules.length === 0) return 'no rules: give --warn-if or --fail-if, or write them into devops.yaml';
  const widest = Math.max(...rules.map((result) => stateWord(result).length));
  return [...Map.groupBy(rules, titleOf)]
    .flatMap(([title, results]) => [
      ...wrap(clean(title, screen), screen.columns, screen).map((line) => paint(screen, 'bold', line)),
      ...results.flatMap((result) => resultLines(result, widest, screen)),
    ])
    .join('\n');
}

function titleOf({ name, severity, rule }: RuleResult): string {
  return `${name === undefined ? '' : `${name}: `}${severity} if ${rule}`;
}

function resultLines(result: RuleResult, widest: number, screen: Screen): string[] {
  const since = result.since === undefined ? '' : ` since ${result.since}`;
  const text = clean(result.message, screen) + since;
  return wrap(text, screen.columns - widest - 4, screen).map((line, at) => {
    const word = (at === 0 ? stateWord(result) : '').padEnd(widest);
    return `  ${paint(screen, colorOf(result), word)}  ${line}`;
  });
}

function stateWord({ state, severity }: RuleResult): string {
  return state === 'fired' ? severity : state;
}

function colorOf({ state, severity }: RuleResult): Color {
  if (state === 'ok') return 'green';
  if (state === 'fired') return severity === 'critical' ? 'red' : 'yellow';
  return state === 'unknown' ? 'red' : 'yellow';
}
