import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expositionText } from '../../../src/lib/results/exposition.ts';
import type { Metric } from '../../../src/lib/results/metric.ts';
import { parseExposition } from '../../support/exposition-grammar.ts';

const metric = (value: number, labels?: Record<string, string>, name = 'devops_x'): Metric => ({
  name,
  help: 'An x.',
  type: 'gauge',
  value,
  ...(labels === undefined ? {} : { labels }),
});

test('nothing is nothing', () => {
  expect(expositionText([])).toBe('');
});

test('the samples of a family stand together, in whatever order they come', () => {
  const found = [metric(1, { disk: 'a' }), metric(2, {}, 'devops_y'), metric(3, { disk: 'b' })];
  expect(expositionText(found)).toBe(
    [
      '# HELP devops_x An x.',
      '# TYPE devops_x gauge',
      'devops_x{disk="a"} 1',
      'devops_x{disk="b"} 3',
      '# HELP devops_y An x.',
      '# TYPE devops_y gauge',
      'devops_y 2',
      '',
    ].join('\n'),
  );
});

test('a series is there once, the first time counts', () => {
  const text = expositionText([metric(1, { a: 'x' }), metric(2, { a: 'x' }), metric(3), metric(4)]);
  expect(parseExposition(text)).toEqual([
    { name: 'devops_x', labels: { a: 'x' }, value: 1 },
    { name: 'devops_x', labels: {}, value: 3 },
  ]);
});

test.each([
  [NaN, 'NaN'],
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
  [-0, '0'],
  [1e21, '1e+21'],
  [0.1, '0.1'],
  [2 ** 53, '9007199254740992'],
])('%d is written as %s', (value, text) => {
  expect(expositionText([metric(value)]).split('\n')[2]).toBe(`devops_x ${text}`);
});

test('what a help or a label holds does not end its line, and comes back as it was', () => {
  const help = 'one\\two\nthree "four"';
  expect(expositionText([{ ...metric(1), help }]).split('\n')[0]).toBe('# HELP devops_x one\\\\two\\nthree "four"');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (one, two) => {
      const [sample] = parseExposition(expositionText([metric(1, { one, two })]));
      expect(sample!.labels).toEqual({ one: one.toWellFormed(), two });
    }),
  );
  expect(expositionText([metric(1, { a: '\uD800' })])).toContain('{a="\uFFFD"}');
});
