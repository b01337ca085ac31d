import { expect, test } from 'vitest';
import { ruleOfPattern } from '../../../../src/lib/logs/alert/rule-of-options.ts';

test('a command line is a critical rule that is named by what it asks for', () => {
  const threshold = { count: 10, perSeconds: 300 };
  expect(ruleOfPattern({ patterns: ['timeout', 'refused'], level: 'error', where: 'status>=500', threshold })).toEqual({
    name: 'timeout or refused, level error, where status>=500',
    severity: 'critical',
    labels: {},
    match: ['timeout', 'refused'],
    level: 'error',
    threshold,
  });
});

test.each([
  [{ patterns: [] }, 'any line'],
  [{ patterns: [''] }, 'any line'],
  [{ patterns: [], level: '=error' }, 'level =error'],
  [{ patterns: [], where: 'a>1' }, 'where a>1'],
  [{ patterns: ['\u001b[2J'] }, String.raw`\x1b[2J`],
])('%j has a name that is one harmless line', (options, name) => {
  expect(ruleOfPattern(options).name).toBe(name);
});

test('a thousand patterns have a name of 200 characters', () => {
  const { name, match } = ruleOfPattern({ patterns: Array.from({ length: 1000 }, (_, index) => `\u{1f600}${index}`) });
  expect(name.length).toBeLessThanOrEqual(200);
  expect(name).toMatch(/\.\.\.$/);
  expect(name.isWellFormed()).toBe(true);
  expect(match).toHaveLength(1000);
});
