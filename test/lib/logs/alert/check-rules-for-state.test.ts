import { expect, test } from 'vitest';
import { checkRulesForState } from '../../../../src/lib/logs/alert/check-rules-for-state.ts';
import type { LogRule } from '../../../../src/lib/logs/alert/log-rule.ts';

const rule: LogRule = { name: 'a\n', severity: 'critical', labels: {} };

test('rules that new lines alone can judge are fine', () => {
  const rules: LogRule[] = [
    { ...rule, threshold: { count: 16_385, perSeconds: 60 } },
    { ...rule, threshold: { count: 1_000_000 } },
    { ...rule, atLeast: { count: 1 } },
  ];
  expect(() => checkRulesForState(rules)).not.toThrow();
});

test.each<[Partial<LogRule>, RegExp]>([
  [{ atLeast: { count: 1, perSeconds: 60 } }, /too few lines within a period cannot be told/],
  [{ threshold: { count: 16_386, perSeconds: 60 } }, /no more than 16384 lines of earlier runs/],
])('%j is refused with the way out', (changes, message) => {
  expect(() => checkRulesForState([rule, { ...rule, ...changes }])).toThrow(
    expect.objectContaining({
      name: 'UserError',
      code: 'usage',
      message: expect.stringMatching(message),
      hints: [expect.stringContaining('--since 1h')],
    }),
  );
  expect(() => checkRulesForState([{ ...rule, ...changes }])).toThrow(String.raw`rule 'a\n'`);
});
