import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { advanceForState } from '../../../src/lib/rules/for-state.ts';
import type { ForState } from '../../../src/lib/rules/for-state.ts';
import type { RuleResult } from '../../../src/lib/system/report.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-03-01T12:00:00Z');

function result(state: RuleResult['state'], labels: Record<string, string> = { mount: '/' }): RuleResult {
  return { rule: 'r', severity: 'critical', state, subject: 'm', metric: 'm', labels, message: 'm is 1' };
}

/** States of one instance that was looked at, at these times. */
function run(forSeconds: number, looks: readonly (readonly [number, RuleResult['state']])[]): RuleResult[] {
  let state: ForState = new Map();
  return looks.map(([time, found]) => {
    const advanced = advanceForState(state, [result(found)], { forSeconds, now: start + time });
    state = advanced.next;
    return advanced.results[0]!;
  });
}

const states = (results: readonly RuleResult[]): string[] => results.map(({ state }) => state);

test('a condition is pending until it has held for long enough, and then fires', () => {
  const results = run(900, [
    [0, 'ok'],
    [5 * minute, 'fired'],
    [15 * minute, 'fired'],
    [20 * minute, 'fired'],
    [25 * minute, 'fired'],
    [30 * minute, 'ok'],
    [35 * minute, 'fired'],
  ]);
  expect(states(results)).toEqual(['ok', 'pending', 'pending', 'fired', 'fired', 'ok', 'pending']);
  expect(results[0]).not.toHaveProperty('since');
  expect(results[2]).toMatchObject({ since: '2026-03-01T12:05:00.000Z', message: 'm is 1, for 10m of 15m' });
  expect(results[4]).toMatchObject({ since: '2026-03-01T12:05:00.000Z', message: 'm is 1, for 20m' });
});

test("'for 0s' fires at once", () => {
  expect(states(run(0, [[0, 'fired']]))).toEqual(['fired']);
});

test('counting starts again when nobody looked for longer than an hour or the time itself', () => {
  const hourly = run(900, [
    [0, 'fired'],
    [hour + 2000, 'fired'],
  ]);
  expect(states(hourly)).toEqual(['pending', 'fired']);
  const rare = run(900, [
    [0, 'fired'],
    [2 * hour, 'fired'],
    [4 * hour, 'fired'],
  ]);
  expect(states(rare)).toEqual(['pending', 'pending', 'pending']);
  expect(rare[2]!.message).toBe('m is 1, for 0s of 15m (counting again: the last look was 2h ago)');
  const daily = run(24 * 3600, [
    [0, 'fired'],
    [24 * hour + minute, 'fired'],
  ]);
  expect(states(daily)).toEqual(['pending', 'fired']);
});

test('counting starts again when the clock goes backwards', () => {
  const results = run(900, [
    [0, 'fired'],
    [20 * minute, 'fired'],
    [10 * minute, 'fired'],
    [24 * minute, 'fired'],
    [25 * minute, 'fired'],
  ]);
  expect(states(results)).toEqual(['pending', 'fired', 'pending', 'pending', 'fired']);
  expect(results[2]!.message).toContain('the clock went backwards');
});

test('what could not be told neither counts nor resets, until the gap is too long', () => {
  const results = run(900, [
    [0, 'fired'],
    [10 * minute, 'unknown'],
    [12 * minute, 'not yet known'],
    [20 * minute, 'fired'],
    [50 * minute, 'unknown'],
    [100 * minute, 'unknown'],
    [105 * minute, 'fired'],
  ]);
  expect(states(results)).toEqual(['pending', 'unknown', 'not yet known', 'fired', 'unknown', 'unknown', 'pending']);
});

test('a failure to read all instances does not reset those that held', () => {
  const held = advanceForState(new Map(), [result('fired')], { forSeconds: 900, now: start }).next;
  const look = (...found: RuleResult[]): number =>
    advanceForState(held, found, { forSeconds: 900, now: start + minute }).next.size;
  expect(look(result('unknown', {}))).toBe(1);
  expect(look(result('ok'), result('unknown', {}))).toBe(0);
  expect(look(result('unknown', { mount: '/other' }))).toBe(0);
  expect(look(result('missing', {}))).toBe(0);
  expect(look(result('ok', { mount: '/other' }))).toBe(0);
});

test('instances are counted apart, and one that is gone is forgotten', () => {
  const both = [result('fired', { mount: '/' }), result('fired', { mount: '/var' })];
  const first = advanceForState(new Map(), both, { forSeconds: 60, now: start });
  const second = advanceForState(first.next, [both[1]!], { forSeconds: 60, now: start + minute });
  expect(states(second.results)).toEqual(['fired']);
  const third = advanceForState(second.next, both, { forSeconds: 60, now: start + 2 * minute });
  expect(states(third.results)).toEqual(['pending', 'fired']);
});

test('agrees with looking back over all evaluations', () => {
  const look = fc.tuple(
    fc.integer({ min: -10, max: 100 }),
    fc.constantFrom('ok', 'fired', 'fired', 'fired', 'unknown'),
  );
  fc.assert(
    fc.property(fc.array(look, { maxLength: 30 }), fc.integer({ min: 0, max: 120 }), (steps, forMinutes) => {
      let time = 0;
      const looks = steps.map(([step, state]) => [(time += step * minute), state] as const);
      const longest = Math.max(60, forMinutes) * 1.1 * minute;
      const expected = looks.map(([now, state], index) => {
        if (state !== 'fired') return state;
        let since = now;
        for (let back = index - 1; back >= 0; back--) {
          const [then, earlier] = looks[back]!;
          if (earlier === 'unknown') continue;
          if (earlier === 'ok' || then > since || since - then > longest) break;
          since = then;
        }
        return now - since >= forMinutes * minute ? 'fired' : 'pending';
      });
      expect(states(run(forMinutes * 60, looks))).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});
