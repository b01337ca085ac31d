import { expect, test } from 'vitest';
import { checkLogRule } from '../../../../src/lib/logs/alert/check-log-rule.ts';

test('the least rule is a name and a pattern', () => {
  expect(checkLogRule({ name: 'oom', match: 'Out of memory' })).toEqual({
    name: 'oom',
    match: ['Out of memory'],
    severity: 'critical',
    labels: {},
  });
});

test('every key is read', () => {
  expect(
    checkLogRule({
      name: 'a',
      match: ['b', 'c'],
      all: ['d'],
      not: 'e',
      exclude: ['f'],
      level: '=error',
      threshold: { count: 10, per: '5m' },
      at_least: '1/h',
      severity: 'warning',
      labels: { team: 'db', tier: 1, on: true },
      message: '{count} for {labels.team}',
    }),
  ).toEqual({
    name: 'a',
    match: ['b', 'c'],
    all: ['d'],
    not: ['e'],
    exclude: ['f'],
    level: '=error',
    threshold: { count: 10, perSeconds: 300 },
    atLeast: { count: 1, perSeconds: 3600 },
    severity: 'warning',
    labels: { team: 'db', tier: '1', on: 'true' },
    message: '{count} for {labels.team}',
  });
  expect(checkLogRule({ name: 'a', level: 'error', threshold: 5 }).threshold).toEqual({ count: 5 });
  expect(checkLogRule({ name: 'a', level: 'error', threshold: '5/m' }).threshold).toEqual({ count: 5, perSeconds: 60 });
});

test.each([
  [undefined, 'a rule: it is missing'],
  [null, 'a rule: it is empty'],
  ['x', "a rule: it is 'x'"],
  [[], 'a rule: it is a list'],
  [{}, 'a rule: name: it is missing'],
  [{ name: '' }, 'a rule: name: it is empty'],
  [{ name: 'a\n' }, String.raw`rule 'a\n': it says nothing that a line must be`],
  [{ name: 'a', exclude: 'x' }, "rule 'a': it says nothing that a line must be"],
  [{ name: 'a', macth: 'x' }, "rule 'a': there is no key 'macth'"],
  [{ name: 'a', match: [] }, "rule 'a': match: the list is empty"],
  [{ name: 'a', match: ['x', 5] }, "rule 'a': match[1]: it is the number 5"],
  [{ name: 'a', match: ['x', ''] }, "rule 'a': match[1]: it is empty"],
  [{ name: 'a', match: 'x'.repeat(5000) }, "rule 'a': match: it has more than 4096 characters"],
  [{ name: 'a', all: { b: 1 } }, "rule 'a': all: it is a mapping"],
  [{ name: 'a', level: 3 }, "rule 'a': level: it is the number 3"],
  [{ name: 'a', match: 'x', severity: 'high' }, "rule 'a': severity: it is 'high'"],
  [{ name: 'a', match: 'x', threshold: 0 }, "rule 'a': threshold: 0 is no whole number from 1 to 1000000000"],
  [{ name: 'a', match: 'x', threshold: '5/5' }, "rule 'a': threshold: '5/5' is not a threshold"],
  [{ name: 'a', match: 'x', threshold: { per: '5m' } }, "rule 'a': threshold.count: it is missing"],
  [{ name: 'a', match: 'x', threshold: { count: 1, per: 300 } }, "rule 'a': threshold.per: it is the number 300"],
  [{ name: 'a', match: 'x', threshold: { count: 1, pre: 'h' } }, "rule 'a': threshold: there is no key 'pre'"],
  [{ name: 'a', match: 'x', at_least: true }, "rule 'a': at_least: it is the boolean true"],
  [{ name: 'a', match: 'x', at_least: '2000000/m' }, "rule 'a': at_least: with a period its count is at most 1048576"],
  [{ name: 'a', match: 'x', labels: 'b' }, "rule 'a': labels: it is 'b'"],
  [{ name: 'a', match: 'x', labels: { 'b c': 'd' } }, "rule 'a': labels.b c: that is no name of a label"],
  [{ name: 'a', match: 'x', labels: { b: {} } }, "rule 'a': labels.b: it is a mapping"],
  [{ name: 'a', match: 'x', message: '{b}' }, "rule 'a': message: message '{b}', column 1: there is no {b}"],
])('%j is refused and the key is named', (raw, message) => {
  expect(() => checkLogRule(raw)).toThrow(
    expect.objectContaining({ name: 'UserError', code: 'config', message, hints: [expect.stringMatching(/\w/)] }),
  );
});

test('a slip in a key has the nearest one as its hint', () => {
  expect(() => checkLogRule({ name: 'a', treshold: 1 })).toThrow(
    expect.objectContaining({ hints: ['did you mean threshold?'] }),
  );
});

test('a key of a prototype is no key, and a label named like one is a label', () => {
  expect(() => checkLogRule(JSON.parse('{"name":"a","__proto__":1}'))).toThrow("there is no key '__proto__'");
  const { labels } = checkLogRule(JSON.parse('{"name":"a","match":"x","labels":{"__proto__":"b"}}'));
  expect(Object.entries(labels)).toEqual([['__proto__', 'b']]);
});
