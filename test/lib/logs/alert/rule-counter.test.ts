import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogRule, Threshold } from '../../../../src/lib/logs/alert/log-rule.ts';
import type { Span } from '../../../../src/lib/logs/alert/lull.ts';
import { createRuleCounter } from '../../../../src/lib/logs/alert/rule-counter.ts';

const base: LogRule = { name: 'r', match: ['x'], severity: 'critical', labels: {} };
const minute = 60_000;

function outcomeOf(rule: Partial<LogRule>, times: readonly (number | undefined)[], span?: Span) {
  const counter = createRuleCounter({ ...base, ...rule });
  for (const [index, time] of times.entries()) counter.hit(time, `line ${index}`);
  return counter.end(span);
}

const per = (count: number, perSeconds?: number): Threshold =>
  perSeconds === undefined ? { count } : { count, perSeconds };

test('without a threshold one line is enough, and none is zero', () => {
  expect(outcomeOf({}, [])).toEqual({
    fired: false,
    count: 0,
    peak: { count: 0, exact: true },
    window: 'run',
    untimed: 0,
    late: 0,
  });
  expect(outcomeOf({}, [5000])).toEqual({
    fired: true,
    because: 'too many',
    count: 1,
    firstMs: 5000,
    lastMs: 5000,
    sample: 'line 0',
    peak: { count: 1, startMs: 5000, exact: true },
    window: 'run',
    untimed: 0,
    late: 0,
  });
});

test('a count without a period is compared with the whole run', () => {
  expect(outcomeOf({ threshold: per(3) }, [0, 1e9])).toMatchObject({ fired: false, count: 2 });
  expect(outcomeOf({ threshold: per(3) }, [0, undefined, 1e9])).toMatchObject({ fired: true, count: 3, window: 'run' });
});

test('a rate fires only when so many stand within one period', () => {
  const slow = [0, 1, 2, 3, 4].map((index) => index * minute);
  expect(outcomeOf({ threshold: per(3, 60) }, slow)).toMatchObject({ fired: false, peak: { count: 1 } });
  const burst = [...slow, 4 * minute + 100, 4 * minute + 59_999];
  expect(outcomeOf({ threshold: per(3, 60) }, burst)).toMatchObject({
    fired: true,
    because: 'too many',
    peak: { count: 3, startMs: 4 * minute, exact: true },
    window: 'sliding',
  });
});

test('two logs read one after the other are put into order before they are counted', () => {
  const first = Array.from({ length: 50_000 }, (_, index) => index * minute);
  const second = first.map((time) => time + 1000);
  const both = [...first, ...second];
  expect(outcomeOf({ threshold: per(2, 5) }, both)).toMatchObject({ fired: true, late: 0, firstMs: 0 });
  expect(outcomeOf({ threshold: per(3, 5) }, both)).toMatchObject({ fired: false, late: 0 });
});

test('what is later than can be put in order is counted and said', () => {
  const times = Array.from({ length: 200_000 }, (_, index) => 1e9 + index * 1000);
  const outcome = outcomeOf({ threshold: per(1000, 1) }, [...times, 5, 6, 7]);
  expect(outcome).toMatchObject({ fired: false, late: 3, count: 200_003, firstMs: 5, peak: { count: 1 } });
});

test('lines without a time count in every window, and without any time the run is the window', () => {
  expect(outcomeOf({ threshold: per(3, 60) }, [0, undefined, 1000])).toMatchObject({
    fired: true,
    peak: { count: 3, startMs: 0 },
    window: 'sliding',
    untimed: 1,
  });
  const outcome = outcomeOf({ threshold: per(3, 60) }, [undefined, undefined, Number.NaN]);
  expect(outcome).toMatchObject({ fired: true, window: 'run', untimed: 3, peak: { count: 3 } });
  expect(outcome).not.toHaveProperty('firstMs');
});

test('any times in any order fire as the definition says', () => {
  const time = fc.integer({ min: 0, max: 20_000 });
  fc.assert(
    fc.property(fc.array(time, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (times, count) => {
      const expected = times.some(
        (start) => times.filter((each) => each >= start && each < start + 1000).length >= count,
      );
      expect(outcomeOf({ threshold: per(count, 1) }, times).fired).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('too few in the whole run is an alarm, and zero is the fewest', () => {
  expect(outcomeOf({ atLeast: per(1) }, [])).toMatchObject({ fired: true, because: 'too few', count: 0 });
  expect(outcomeOf({ atLeast: per(2) }, [undefined])).toMatchObject({ fired: true, because: 'too few' });
  expect(outcomeOf({ atLeast: per(2) }, [1, 2, 3])).toMatchObject({ fired: false });
  expect(outcomeOf({ atLeast: per(1), threshold: per(3) }, [1, 2, 3])).toMatchObject({ because: 'too many' });
});

test('too few within a period is found at the beginning, between and at the end of what was looked at', () => {
  const span = { startMs: 0, endMs: 10 * minute };
  const rule = { atLeast: per(1, 120) };
  const steady = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => index * minute);
  expect(outcomeOf(rule, steady, span)).toMatchObject({ fired: false });
  expect(outcomeOf(rule, steady.slice(2), span)).toMatchObject({ lull: { startMs: 0, endMs: 3 * minute } });
  expect(outcomeOf(rule, steady.slice(0, -2), span)).toMatchObject({
    because: 'too few',
    lull: { startMs: 7 * minute, endMs: 10 * minute },
  });
  expect(outcomeOf(rule, steady.toSpliced(3, 2), span)).toMatchObject({
    lull: { startMs: 3 * minute, endMs: 6 * minute },
  });
  expect(outcomeOf(rule, [], span)).toMatchObject({ fired: true, lull: span });
});

test('any times and any span have the lull that the definition says', () => {
  const time = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(fc.array(time, { maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (times, count) => {
      // All windows of 10 ms that begin at a whole millisecond and end within the span.
      const starts = Array.from({ length: 32 }, (_, start) => start);
      const expected = starts.some(
        (start) => times.filter((each) => each >= start && each < start + 10).length < count,
      );
      const outcome = outcomeOf({ atLeast: per(count, 0.01) }, times, { startMs: 0, endMs: 41 });
      expect(outcome.fired).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});

test('a run that is shorter than the period proves no absence', () => {
  const span = { startMs: 0, endMs: 5 * minute };
  expect(outcomeOf({ atLeast: per(2, 3600) }, [1], span)).toMatchObject({
    fired: false,
    undecided: 'the run covers 5m, the rule speaks of 1h',
  });
  expect(outcomeOf({ atLeast: per(2, 3600) }, [undefined], span)).toHaveProperty('undecided');
  expect(outcomeOf({ atLeast: per(2, 3600) }, [1, 2], span)).not.toHaveProperty('undecided');
  expect(outcomeOf({ atLeast: per(2, 3600) }, [1])).toMatchObject({ fired: true });
});

test('the sample is the first line, cut', () => {
  const counter = createRuleCounter(base);
  counter.hit(1, `\ud83d\ude00${'x'.repeat(1_000_000)}`);
  counter.hit(0, 'second');
  expect(counter.end().sample).toBe(`\ud83d\ude00${'x'.repeat(2046)}`);
});

function runsOf(rule: Partial<LogRule>, runs: readonly (readonly (number | undefined)[])[]) {
  let earlier: number[] = [];
  return runs.map((times) => {
    const counter = createRuleCounter({ ...base, ...rule });
    counter.seed(earlier);
    for (const time of times) counter.hit(time, 'line');
    const outcome = counter.end();
    earlier = counter.recent();
    return { outcome, earlier };
  });
}

test('a burst over several runs fires in the run that completes it, and in none without a new line', () => {
  const runs = runsOf({ threshold: per(5, 60) }, [
    [0, 10_000],
    [20_000, 30_000],
    [],
    [40_000],
    [],
    [41_000],
    [200_000],
  ]);
  expect(runs.map(({ outcome }) => outcome.fired)).toEqual([false, false, false, true, false, true, false]);
  expect(runs.map(({ outcome }) => [outcome.count, outcome.peak.count])).toEqual([
    [2, 2],
    [2, 4],
    [0, 0],
    [1, 5],
    [0, 0],
    [1, 5],
    [1, 1],
  ]);
  expect(runs[3]!.outcome).toMatchObject({ firstMs: 40_000, lastMs: 40_000, sample: 'line', peak: { startMs: 0 } });
  expect(runs[2]!.earlier).toEqual([0, 10_000, 20_000, 30_000]);
  expect(runs[3]!.earlier).toEqual([10_000, 20_000, 30_000, 40_000]);
  expect(runs[6]!.earlier).toEqual([200_000]);
});

test('any ascending times, parted into any runs, fire as in a single run', () => {
  const time = fc.integer({ min: 0, max: 20_000 });
  const cuts = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(time, { maxLength: 60 }), cuts, fc.integer({ min: 1, max: 12 }), (times, at, count) => {
      const sorted = times.toSorted((one, other) => one - other);
      const edges = [0, ...at.toSorted((one, other) => one - other), sorted.length];
      const parts = edges.slice(1).map((edge, index) => sorted.slice(edges[index], edge));
      const rule = { threshold: per(count, 1) };
      expect(runsOf(rule, parts).some(({ outcome }) => outcome.fired)).toBe(outcomeOf(rule, sorted).fired);
    }),
    { numRuns: 500 },
  );
});

test('lines without a time, thresholds without a period and too few know nothing of earlier runs', () => {
  expect(runsOf({ threshold: per(3, 60) }, [[0, 1], [undefined]])[1]!.outcome).toMatchObject({ fired: false });
  expect(runsOf({ threshold: per(3, 60) }, [[0, 1], [undefined]])[1]!.earlier).toEqual([0, 1]);
  const [first, second] = runsOf({ threshold: per(3) }, [[0, 1], [2]]);
  expect([first!.earlier, second!.outcome.fired]).toEqual([[], false]);
  expect(runsOf({ atLeast: per(2) }, [[0], [1]])[1]!.outcome).toMatchObject({ because: 'too few' });
  expect(runsOf({ threshold: per(1, 60) }, [[0, 1]])[0]!.earlier).toEqual([]);
});

test('a time far in the future does not hide the bursts of all later runs', () => {
  const runs = runsOf({ threshold: per(4, 60) }, [[0, 9e12], [1000], [2000, 3000], [4000, 5000]]);
  expect(runs.map(({ earlier }) => earlier)).toEqual([[9e12], [1000], [1000, 2000, 3000], [3000, 4000, 5000]]);
  expect(runs[3]!.outcome.fired).toBe(true);
});

test('a line that is older than what earlier runs saw belongs to their burst, too', () => {
  const runs = runsOf({ threshold: per(3, 60) }, [[1000, 2000], [0]]);
  expect(runs[1]!.outcome).toMatchObject({ fired: true, count: 1, peak: { count: 3, startMs: 0 } });
  expect(runs[1]!.earlier).toEqual([1000, 2000]);
});

test('what an earlier run is said to have seen is bounded and need not be in order', () => {
  const counter = createRuleCounter({ ...base, threshold: per(3, 60) });
  counter.seed([...Array.from({ length: 1000 }, () => 0), Number.NaN, 5, 4]);
  counter.hit(6, 'a');
  expect(counter.end()).toMatchObject({ fired: true, count: 1, peak: { count: 3, startMs: 4 } });
  expect(counter.recent()).toEqual([5, 6]);
  const large = createRuleCounter({ ...base, threshold: per(1_000_000, 3600) });
  for (let time = 0; time < 20_000; time++) large.hit(time, 'a');
  large.end();
  expect(large.recent()).toHaveLength(16_384);
  expect([large.recent()[0], large.recent().at(-1)]).toEqual([20_000 - 16_384, 19_999]);
});

test('lines that came too late to be counted leave a rule undecided when they could be what is missing', () => {
  const times = [...Array.from({ length: 200_000 }, (_, index) => 1e9 + index * 1000), 5, 6, 7];
  expect(outcomeOf({ threshold: per(4, 1) }, times)).toMatchObject({
    fired: false,
    undecided: '3 lines came too late in the log to be counted in their period',
  });
  expect(outcomeOf({ threshold: per(5, 1) }, times)).not.toHaveProperty('undecided');
  expect(outcomeOf({ threshold: per(1, 1) }, times)).not.toHaveProperty('undecided');
});
