import { formatDuration } from '../../quantity/duration.ts';
import type { LogRule, Threshold } from './log-rule.ts';
import { type MessageTemplate, parseMessageTemplate, renderMessage } from './message-template.ts';
import type { RuleOutcome } from './rule-counter.ts';

const placeholders = ['rule', 'severity', 'source', 'count', 'peak', 'threshold', 'first', 'last', 'sample'];

/** Beside those, for messages that only make sense for some outcomes. */
const ownPlaceholders = [...placeholders, 'period', 'from', 'to'];

function defaultMessage(rule: LogRule, { because, count, lull }: RuleOutcome): string {
  const start = `${count === 1 ? 'once' : '{count} times'} {rule} in {source}`;
  if (because === 'too few') {
    return lull === undefined
      ? `${start}, expected at least {threshold}, last {last}`
      : `${start}, fewer than {threshold} from {from} to {to}`;
  }
  if (because === undefined) return start;
  const within = rule.threshold?.perSeconds === undefined ? '' : ', up to {peak} within {period}';
  return `${start}${within}, first {first}, last {last}: {sample}`;
}

/**
 * Reads the message of a rule. It may speak of {rule}, {severity}, {source}, {count}, {peak} (the most within the
 * period), {threshold}, {first}, {last}, {sample}, and of the rule's labels as {labels.team}. Throws UserError.
 */
export function parseRuleMessage(text: string, labels: Readonly<Record<string, string>>): MessageTemplate {
  return parseMessageTemplate(text, [...placeholders, ...Object.keys(labels).map((name) => `labels.${name}`)]);
}

/** What the rule says about the run, as one line for people. `formatTime`: how a time is shown, ISO 8601 unless given. */
export function ruleMessage(
  rule: LogRule,
  outcome: RuleOutcome,
  source: string,
  formatTime: (timeMs: number) => string = isoTime,
): string {
  const template =
    rule.message === undefined
      ? parseMessageTemplate(defaultMessage(rule, outcome), ownPlaceholders)
      : parseRuleMessage(rule.message, rule.labels);
  const threshold = outcome.because === 'too few' ? rule.atLeast : (rule.threshold ?? rule.atLeast);
  const time = (timeMs: number | undefined): string =>
    timeMs === undefined ? (outcome.count === 0 ? 'never' : 'at an unknown time') : formatTime(timeMs);
  const labels = Object.entries(rule.labels).map(([name, value]): [string, string] => [`labels.${name}`, value]);
  return renderMessage(template, {
    ...Object.fromEntries(labels),
    rule: rule.name,
    severity: rule.severity,
    source,
    count: String(outcome.count),
    peak: String(outcome.peak.count),
    threshold: formatThreshold(threshold ?? { count: 1 }),
    first: time(outcome.firstMs),
    last: time(outcome.lastMs),
    sample: outcome.sample ?? '',
    period: formatDuration(threshold?.perSeconds ?? 0),
    from: time(outcome.lull?.startMs),
    to: time(outcome.lull?.endMs),
  });
}

/** `10 in 5m`, or `10`. */
export function formatThreshold({ count, perSeconds }: Threshold): string {
  return perSeconds === undefined ? String(count) : `${count} in ${formatDuration(perSeconds)}`;
}

function isoTime(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString();
}
