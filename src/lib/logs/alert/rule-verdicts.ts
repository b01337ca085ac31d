import type { Status, Verdict } from '../../results/verdict.ts';
import type { LogRuleResult, LogThreshold } from '../log-records.ts';
import type { LogRule, Threshold } from './log-rule.ts';
import type { RuleOutcome } from './rule-counter.ts';
import { formatThreshold, ruleMessage } from './rule-message.ts';

export interface RuleContext {
  /** Where the sample is from. */
  source?: string | undefined;
  /** What was searched, for the message: the name of the one file, or `3 files`. */
  sources: string;
  /** How a time is written, in milliseconds since the epoch. */
  formatTime(timeMs: number): string;
  /** Of this run, where what it finds is not found again. */
  event?: string | undefined;
}

/** What a rule says about a run, as the record that is public. */
export function ruleResult(rule: LogRule, outcome: RuleOutcome, context: RuleContext): LogRuleResult {
  const { because, undecided, firstMs, lastMs, sample, untimed, late } = outcome;
  const message = ruleMessage(rule, outcome, context.sources, context.formatTime);
  return {
    schema: 'devops.logs-grep/1',
    kind: 'rule',
    subject: rule.name,
    status: statusOf(rule, outcome),
    severity: rule.severity,
    fired: outcome.fired,
    ...(because === undefined ? {} : { because }),
    ...(undecided === undefined ? {} : { undecided }),
    count: outcome.count,
    peak: outcome.peak.count,
    ...thresholdsOf(rule),
    ...(firstMs === undefined ? {} : { first: context.formatTime(firstMs) }),
    ...(lastMs === undefined ? {} : { last: context.formatTime(lastMs) }),
    ...(sample === undefined ? {} : { sample }),
    ...(sample === undefined || context.source === undefined ? {} : { source: context.source }),
    ...(untimed === 0 ? {} : { untimed_count: untimed }),
    ...(late === 0 ? {} : { late_count: late }),
    ...(context.event === undefined || because !== 'too many' ? {} : { event: context.event }),
    labels: rule.labels,
    message: undecided === undefined ? message : `${message}: ${undecided}`,
  };
}

function statusOf({ severity }: LogRule, { fired, undecided }: RuleOutcome): Status {
  if (fired) return severity;
  return undecided === undefined ? 'ok' : 'unknown';
}

/** The threshold also where the rule leaves it to the default, see createRuleCounter. */
function thresholdsOf({ threshold, atLeast }: LogRule): Pick<LogRuleResult, 'threshold' | 'at_least'> {
  const most = threshold ?? (atLeast === undefined ? { count: 1 } : undefined);
  return {
    ...(most === undefined ? {} : { threshold: publicThreshold(most) }),
    ...(atLeast === undefined ? {} : { at_least: publicThreshold(atLeast) }),
  };
}

function publicThreshold({ count, perSeconds }: Threshold): LogThreshold {
  return perSeconds === undefined ? { count } : { count, per_seconds: perSeconds };
}

/** One verdict a rule. */
export function* ruleVerdicts(result: LogRuleResult): Generator<Verdict> {
  const { subject, status, message, because, undecided, event } = result;
  if (because !== undefined) {
    const code = because === 'too many' ? 'fired' : 'too-few';
    yield { status, subject, code, message, ...(event === undefined ? {} : { event }) };
  } else if (undecided === undefined) {
    yield { status, subject, code: 'ok', message: quietMessage(result) };
  } else {
    yield { status, subject, code: 'undecided', message, hint: 'look at a longer time, such as with --since 1h' };
  }
}

/** `3 lines, below 10 in 5m`: in the same words for every rule, for its own are those of an alarm. */
function quietMessage({ count, peak, threshold, at_least: least }: LogRuleResult): string {
  const parts = [`${count} ${count === 1 ? 'line' : 'lines'}`];
  if (least !== undefined) parts.push(`at least ${thresholdText(least)}`);
  // More than that in all says nothing as long as they are spread out.
  if (threshold !== undefined && count >= threshold.count) parts.push(`up to ${peak} at once`);
  if (threshold !== undefined && threshold.count > 1) parts.push(`below ${thresholdText(threshold)}`);
  return parts.join(', ');
}

function thresholdText({ count, per_seconds: perSeconds }: LogThreshold): string {
  return formatThreshold(perSeconds === undefined ? { count } : { count, perSeconds });
}
