import type { Column, Screen } from '../../command.ts';
import type { LogRuleResult } from '../../lib/logs/log-records.ts';
import { formatDuration } from '../../lib/quantity/duration.ts';
import type { Status } from '../../lib/results/verdict.ts';
import { printable } from '../../lib/text/printable.ts';
import { type Color, paint } from '../../terminal/color.ts';
import { truncate } from '../../terminal/width.ts';
import { wrap } from '../../terminal/wrap.ts';
import { groupedNumber } from './grouped-number.ts';
import { rememberLast } from './remember-last.ts';
import { shortTimes } from './short-times.ts';

const colors: Readonly<Record<Status, Color>> = { ok: 'green', warning: 'yellow', critical: 'red', unknown: 'red' };
const urgency: readonly Status[] = ['critical', 'unknown', 'warning', 'ok'];

/** One row a rule. On a screen the messages stand whole below the table, so that the rows stay short. */
export function ruleColumns(): readonly Column<LogRuleResult>[] {
  return [
    { name: 'rule', value: ({ subject }) => subject },
    {
      name: 'status',
      value: ({ status }) => status,
      cell: ({ status }, screen) => paint(screen, colors[status], status),
    },
    {
      name: 'count',
      align: 'right',
      value: ({ count }) => count,
      cell: ({ count }) => groupedNumber(count),
    },
    {
      name: 'peak',
      align: 'right',
      dispensable: true,
      value: ({ peak }) => peak,
      cell: ({ peak, threshold: { per_seconds: seconds } = { count: 0 } }) =>
        seconds === undefined ? groupedNumber(peak) : `${groupedNumber(peak)} in ${formatDuration(seconds)}`,
    },
    timeColumn('first', ({ first }) => first),
    timeColumn('last', ({ last }) => last),
    { name: 'message', programsOnly: true, value: ({ message }) => message },
  ];
}

function timeColumn(name: string, value: (rule: LogRuleResult) => string | undefined): Column<LogRuleResult> {
  const timesIn = rememberLast((rules: readonly LogRuleResult[]) => shortTimes(timesOf(rules)));
  return {
    name,
    dispensable: true,
    value,
    cell(rule, _screen, rules = [rule]) {
      const time = value(rule);
      return time === undefined ? '' : printable(timesIn(rules).show(time));
    },
  };
}

function timesOf(rules: readonly LogRuleResult[]): string[] {
  return rules.flatMap(({ first, last }) => [first, last].filter((time) => time !== undefined));
}

/** What needs somebody first, and then what there is most of. */
export function compareRules(a: LogRuleResult, b: LogRuleResult): number {
  return urgency.indexOf(a.status) - urgency.indexOf(b.status) || b.count - a.count || (a.subject < b.subject ? -1 : 1);
}

/** Every rule that is not fine in its own words, and then how many of them fired. */
export function ruleFindings(rules: readonly LogRuleResult[], screen: Screen): string[] {
  const told = rules.filter(({ status }) => status !== 'ok').toSorted(compareRules);
  return [
    ...told.flatMap((rule) => findingLines(rule, screen)),
    ...(told.length > 0 ? [''] : []),
    ...wrap(summary(rules, screen), Math.max(narrowest, screen.columns)),
  ];
}

const statusCells = 8;
const narrowest = 30;
const indent = ' '.repeat(statusCells + 2);

function findingLines(rule: LogRuleResult, screen: Screen): string[] {
  const { subject, status, message, undecided, sample, labels } = rule;
  const room = Math.max(narrowest, screen.columns - indent.length);
  const words = message.includes(subject) ? message : `${subject}: ${message}`;
  const [head, ...rest] = wrap(printable(words), room);
  const details = [
    ...(undecided === undefined ? [] : wrap(printable(undecided), room)),
    ...(sample === undefined || message.includes(sample) ? [] : [truncate(printable(sample), room, screen.unicode)]),
    ...Object.entries(labels).map(([name, value]) => printable(`${name}: ${value}`)),
  ];
  return [
    `${paint(screen, colors[status], status.padEnd(statusCells))}  ${head}`,
    ...[...rest, ...details.map((line) => paint(screen, 'dim', line))].map((line) => indent + line),
  ];
}

/** `2 of 25 rules fired, 1 undecided; times: 2026-11-20, UTC+01:00`. */
function summary(rules: readonly LogRuleResult[], screen: Screen): string {
  const fired = rules.filter((rule) => rule.fired).length;
  const undecided = rules.filter((rule) => !rule.fired && rule.status !== 'ok').length;
  const { day, zone } = shortTimes(timesOf(rules));
  const shared = [day, zone].filter((part) => part !== undefined).join(', ');
  const worst = urgency.find((status) => rules.some((rule) => rule.status === status)) ?? 'ok';
  const count = `${fired === 0 ? 'none' : fired} of ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'} fired`;
  return [
    paint(screen, colors[worst], count) + (undecided === 0 ? '' : `, ${undecided} undecided`),
    ...(shared === '' ? [] : [`times: ${shared}`]),
  ].join('; ');
}
