import type { Verdict } from '../results/verdict.ts';
import { formatSelector } from '../rules/format-value.ts';
import type { RuleResult, SysinfoReport } from './report.ts';

/** What a report means: one judgement a rule and subject, and one for each value that had to be read and could not be. */
export function* reportVerdicts(report: SysinfoReport): Generator<Verdict> {
  for (const result of report.rules) yield ruleVerdict(result);
  for (const { section, code, subject, message, required } of report.errors) {
    if (!required) continue;
    yield { status: 'unknown', subject: subject === undefined ? section : `${section} ${subject}`, code, message };
  }
}

function ruleVerdict({ name, rule, metric, labels, state, severity, message }: RuleResult): Verdict {
  const selector = formatSelector(metric, Object.keys(labels), labels);
  const status = state === 'fired' ? severity : state === 'unknown' ? 'unknown' : 'ok';
  return {
    status,
    subject: name === undefined ? selector : `${name}: ${selector}`,
    code: metric,
    message: explained(),
  };

  function explained(): string {
    if (state === 'pending') return `${message}, not yet long enough`;
    return message === '' ? rule : message;
  }
}
