import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';
import type { LogRule } from './log-rule.ts';
import { isJudgedAcrossRuns, mostRecentTimes } from './recent-times.ts';

/**
 * Refuses rules that cannot be judged by a run that only sees what is new since the last one. Throws UserError `usage`
 * for an `at_least` with a period, which may be longer than the time between two runs, and for a threshold with a period
 * whose count is larger than what is remembered of earlier runs.
 */
export function checkRulesForState(rules: readonly LogRule[]): void {
  for (const { name, threshold, atLeast } of rules) {
    if (atLeast?.perSeconds !== undefined) {
      throw refusal(name, 'too few lines within a period cannot be told from new lines alone');
    }
    if (threshold?.perSeconds !== undefined && !isJudgedAcrossRuns(threshold.count)) {
      throw refusal(name, `no more than ${mostRecentTimes} lines of earlier runs are remembered for its threshold`);
    }
  }
}

function refusal(name: string, reason: string): UserError {
  return new UserError(`rule '${printable(name)}' does not go with --state: ${reason}`, {
    code: 'usage',
    hints: ['give that rule a run of its own with --since 1h in the place of --state'],
  });
}
