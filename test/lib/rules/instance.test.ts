import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { agree, combine, identityOf, strongest } from '../../../src/lib/rules/instance.ts';
import type { Instance, InstanceState } from '../../../src/lib/rules/instance.ts';

const states: InstanceState[] = ['ok', 'fired', 'unknown', 'not yet known'];
const state = fc.constantFrom(...states);

function instance(of: InstanceState, message: string = of): Instance {
  return { labels: {}, subject: 'm', state: of, metric: 'm', message };
}

const join = (kind: 'and' | 'or', a: InstanceState, b: InstanceState): InstanceState =>
  combine(kind, instance(a), instance(b), {}).state;

/** Kleene's values as numbers: false 0, not known 0.5, true 1. */
const truth = (of: InstanceState): number => (of === 'ok' ? 0 : of === 'fired' ? 1 : 0.5);

test("'and' is the smaller and 'or' the larger of Kleene's three values", () => {
  for (const a of states) {
    for (const b of states) {
      expect(truth(join('and', a, b))).toBe(Math.min(truth(a), truth(b)));
      expect(truth(join('or', a, b))).toBe(Math.max(truth(a), truth(b)));
    }
  }
});

test('the two kinds of not knowing: a failure to read is worse than a lack of history', () => {
  expect(join('and', 'not yet known', 'unknown')).toBe('unknown');
  expect(join('or', 'not yet known', 'unknown')).toBe('unknown');
});

test("'and' and 'or' are commutative, associative and idempotent, and each absorbs the other", () => {
  fc.assert(
    fc.property(state, state, state, fc.constantFrom('and', 'or'), (a, b, c, kind) => {
      expect(join(kind, a, b)).toBe(join(kind, b, a));
      expect(join(kind, join(kind, a, b), c)).toBe(join(kind, a, join(kind, b, c)));
      expect(join(kind, a, a)).toBe(a);
      const other = kind === 'and' ? 'or' : 'and';
      expect(truth(join(kind, a, join(other, a, b)))).toBe(truth(a));
      expect(truth(join(kind, a, join(other, b, c)))).toBe(truth(join(other, join(kind, a, b), join(kind, a, c))));
    }),
  );
});

const messageOf = (kind: 'and' | 'or', a: InstanceState, b: InstanceState): string =>
  combine(kind, instance(a, 'A'), instance(b, 'B'), {}).message;

test('the message is of those that decided', () => {
  expect(messageOf('and', 'fired', 'fired')).toBe('A; B');
  expect(messageOf('and', 'fired', 'ok')).toBe('B');
  expect(messageOf('or', 'fired', 'unknown')).toBe('A');
});

test('the strongest of none is none', () => {
  expect(strongest([])).toBeUndefined();
  expect(strongest([instance('ok'), instance('fired'), instance('unknown')])?.state).toBe('fired');
  expect(strongest([instance('not yet known'), instance('unknown')])?.state).toBe('unknown');
});

test('labels are equal in whatever order they stand, and agree where both have a label', () => {
  expect(identityOf({ a: '1', b: '2' })).toBe(identityOf({ b: '2', a: '1' }));
  expect(identityOf({ a: '1"' })).not.toBe(identityOf({ a: '1' }));
  expect(agree({ a: '1' }, { b: '2' })).toBe(true);
  expect(agree({ a: '1', b: '2' }, { b: '2', c: '3' })).toBe(true);
  expect(agree({ a: '1' }, { a: '' })).toBe(false);
  expect(agree({ constructor: 'x' }, {})).toBe(true);
});
