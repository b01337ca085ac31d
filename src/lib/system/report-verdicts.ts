import type { Verdict } from '../results/verdict.ts';
import type { RuleResult, SysinfoReport } from './report.ts';

/** What a report means: one judgement a rule and subject, and one for each value that had to be read and could not be. */
export function* reportVerdicts(report: SysinfoReport): Generator<Verdict> {
  for (const result of report.rules) yield ruleVerdict(result);
  for (const { section, code, subject, message, required } of report.errors) {
    if (!required) continue;
    yield { status: 'unknown', subject: subject === undefined ? section : `${section} ${subject}`, code, message };
  }
}

function ruleVerdict({ name, rule, subject, metric, state, severity, message }: RuleResult): Verdict {
  // A verdict names its subject itself. What decided a compound rule may be another metric than its first one.
  const words = message.startsWith(`${subject} `) ? message.slice(subject.length + 1).replace(/^is /, '') : message;
  const status = state === 'fired' ? severity : state === 'unknown' ? 'unknown' : 'ok';
  return {
    status,
    subject: name === undefined ? subject : `${name}: ${subject}`,
    code: metric,
    message: explained(),
  };

  function explained(): string {
    if (state === 'pending') return `${words}, not yet long enough`;
    return words === '' ? rule : words;
  }
}
