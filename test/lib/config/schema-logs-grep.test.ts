import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkConfig } from '../../../src/lib/config/check-config.ts';
import { configJsonSchema } from '../../../src/lib/config/json-schema.ts';
import { formatProblem } from '../../../src/lib/config/problem.ts';
import { logRuleOf } from '../../../src/lib/logs/alert/log-rule-of.ts';

async function problemsOf(text: string): Promise<string[]> {
  const { problems } = await checkConfig(text);
  return problems.map((problem) => formatProblem(problem, '').slice(1));
}

test('the settings stay as they were typed, also when they were kept as JSON', async () => {
  const settings = {
    rules: [{ name: 'a', match: 'x', threshold: '10/5m', at_least: { count: 1, per: 'h' }, labels: { tier: 1 } }],
    files: ['/var/log/*.log'],
    time_format: '%d.%m.%Y %H:%M:%S',
    tz: 'Europe/Berlin',
  };
  const { config } = await checkConfig(JSON.stringify({ 'logs-grep': settings }));
  const [rule] = settings.rules;
  expect(config?.['logs-grep']).toEqual({ ...settings, rules: [{ ...rule, severity: 'critical' }] });
  const kept = JSON.parse(JSON.stringify(config)) as NonNullable<typeof config>;
  expect(kept['logs-grep']!.rules!.map(logRuleOf)).toEqual([
    {
      name: 'a',
      match: ['x'],
      severity: 'critical',
      threshold: { count: 10, perSeconds: 300 },
      atLeast: { count: 1, perSeconds: 3600 },
      labels: { tier: '1' },
    },
  ]);
});

test.each([
  ['{ files: [] }', '1:21: logs-grep.files: found an empty list'],
  ['{ files: a.log }', "1:21: logs-grep.files: found 'a.log', expected a list that is not empty"],
  ['{ tz: Europe/Berln }', "1:18: logs-grep.tz: 'Europe/Berln' is not a time zone"],
  ['{ tz: "" }', '1:18: logs-grep.tz: found empty text, expected a time zone'],
  ['{ time_format: ios }', "1:27: logs-grep.time_format: 'ios'"],
  ['{ time_format: "%Q" }', '1:27: logs-grep.time_format: '],
  ['{ rules: [{ name: a }] }', '1:22: logs-grep.rules[0]: says nothing that a line must be'],
  ['{ rulse: [] }', '1:14: logs-grep.rulse: found an unknown key, expected one of rules, files, time_format, tz'],
])('%s is refused with its place', async (text, message) => {
  expect(await problemsOf(`logs-grep: ${text}`)).toEqual([expect.stringContaining(message)]);
});

test('an editor with the published schema takes every threshold and label that we take', async () => {
  const validate = new Ajv2020({ strict: true }).compile(await configJsonSchema());
  const disagreements: unknown[] = [];
  const taken = { count: 0 };
  const part = fc.constantFrom('0', '7', '10', '1.5', '/', 'd', 'h', 'ms', 'm', '2h30m', ' ', '-', '\n');
  const threshold = fc.oneof(
    fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    fc.constantFrom(0, 1, 1.5, 1e9, 1e10, { count: 3 }, { count: 3, per: '5m' }, { per: '5m' }),
  );
  const label = fc.constantFrom('a', 'A_1', '1a', '__a', '_a', 'rule', 'rules', 'severity', 'a b', '');
  const value = fc.constantFrom<unknown>('x', '', 1, true, null, ['x']);
  await fc.assert(
    fc.asyncProperty(threshold, label, value, async (count, name, text) => {
      const rule = { name: 'a', match: 'x', threshold: count, labels: { [name]: text } };
      const settings = { 'logs-grep': { rules: [rule] } };
      const { config } = await checkConfig(JSON.stringify(settings));
      if (config !== undefined) taken.count++;
      // The other way round a schema may be more generous about thresholds, never about labels.
      if (config !== undefined ? !validate(settings) : count === 1 && validate(settings)) disagreements.push(rule);
    }),
    { numRuns: 100 },
  );
  expect(disagreements).toEqual([]);
  expect(taken.count).toBeGreaterThan(0);
});
