import { expect, test } from 'vitest';
import type { LogRule } from '../../../../src/lib/logs/alert/log-rule.ts';
import { createRuleCounter } from '../../../../src/lib/logs/alert/rule-counter.ts';
import { parseRuleMessage, ruleMessage } from '../../../../src/lib/logs/alert/rule-message.ts';

const rule: LogRule = { name: 'oom', match: ['x'], severity: 'warning', labels: { team: 'db' } };
const noon = Date.UTC(2026, 10, 20, 12);

function messageOf(changes: Partial<LogRule>, lines: readonly string[], source = 'app.log') {
  const changed = { ...rule, ...changes };
  const counter = createRuleCounter(changed);
  for (const [index, line] of lines.entries()) counter.hit(noon + index * 1000, line);
  return ruleMessage(changed, counter.end(), source);
}

test('a rule without a message of its own says how often, when and what', () => {
  expect(messageOf({}, ['out of memory', 'again'])).toBe(
    '2 times oom in app.log, first 2026-11-20T12:00:00.000Z, last 2026-11-20T12:00:01.000Z: out of memory',
  );
  expect(messageOf({ atLeast: { count: 3, perSeconds: 3600 } }, [])).toBe(
    '0 times oom in app.log, expected at least 3 in 1h, last never',
  );
  expect(messageOf({ threshold: { count: 3 } }, ['a'])).toBe('once oom in app.log');
  expect(messageOf({ threshold: { count: 2, perSeconds: 60 } }, ['a', 'b', 'c'])).toMatch(
    /^3 times oom in app\.log, up to 3 within 1m, first .*: a$/,
  );
});

test('too few within a period says when', () => {
  const quiet: LogRule = { ...rule, atLeast: { count: 1, perSeconds: 60 } };
  const counter = createRuleCounter(quiet);
  for (const minutes of [0, 1, 5, 6]) counter.hit(noon + minutes * 60_000, 'a');
  expect(ruleMessage(quiet, counter.end(), 's', (timeMs) => `+${(timeMs - noon) / 60_000}m`)).toBe(
    '4 times oom in s, fewer than 1 in 1m from +1m to +5m',
  );
});

test('every placeholder is filled, and doubled braces are braces', () => {
  const message = '{{{rule}}} {severity} {labels.team} {peak}/{threshold} {source} {sample}';
  expect(messageOf({ message, threshold: { count: 2, perSeconds: 60 } }, ['a', 'b'])).toBe(
    '{oom} warning db 2/2 in 1m app.log a',
  );
});

test('values are neither expanded again nor able to move the cursor', () => {
  expect(messageOf({ message: '{sample} in {source}' }, ['{rule} {{ \u001b[2J\n'], '{count}')).toBe(
    String.raw`{rule} {{ \x1b[2J\n in {count}`,
  );
  expect(messageOf({ message: '{sample}' }, ['x'.repeat(5000)])).toBe(`${'x'.repeat(1000)}...`);
});

test('lines without times say so', () => {
  const counter = createRuleCounter(rule);
  counter.hit(undefined, 'a');
  expect(ruleMessage(rule, counter.end(), 's')).toBe(
    'once oom in s, first at an unknown time, last at an unknown time: a',
  );
});

test.each([
  ['{coutn} times', "message '{coutn} times', column 1: there is no {coutn}", 'did you mean {count}?'],
  ['a {labels.taem}', "message 'a {labels.taem}', column 3: there is no {labels.taem}", 'did you mean {labels.team}?'],
  ['{from}', "message '{from}', column 1: there is no {from}", 'known are'],
  ['{}', "message '{}', column 1: there is no {}", 'known are {rule}, {severity}'],
  ['{constructor}', "message '{constructor}', column 1: there is no {constructor}", 'known are'],
  ['a { b', "message 'a { b', column 3: '{' stands alone", 'write {{'],
  ['a } b', "message 'a } b', column 3: '}' stands alone", 'write }}'],
  ['{'.repeat(5000), 'the message has more than 4096 characters', 'write a shorter one'],
])('%.30s is refused with what to write', (text, message, hint) => {
  expect(() => parseRuleMessage(text, { team: 'db' })).toThrow(
    expect.objectContaining({ name: 'UserError', message, hints: [expect.stringContaining(hint)] }),
  );
});
