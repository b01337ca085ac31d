import { expect, test } from 'vitest';
import type { Attempt } from '../../../src/lib/jobs/attempt.ts';
import { judgeRun } from '../../../src/lib/jobs/judge-run.ts';
import type { RunToJudge } from '../../../src/lib/jobs/judge-run.ts';
import { event, judged, tried, usualExit, verdict } from './attempts.ts';

function judge(attempts: readonly Attempt[], more: Partial<RunToJudge> = {}) {
  const isDevops = attempts.at(-1)!.judgements !== undefined;
  const run = judgeRun({
    job: 'job',
    isDevops,
    attempts: attempts as [Attempt],
    exit: usualExit,
    expect: {},
    ...more,
  });
  const verdicts = run.verdicts.map(({ subject, status, code, event: id }) => [subject, status, id ?? code].join(' '));
  return { ...run, verdicts };
}

const mapping = { ok: [0, 3], warning: [1], skip: [75] };
test.each([
  ['0', tried(0), 'ok', 0, 'job ok ok', true],
  ['an ok code', tried(3), 'ok', 0, 'job ok ok', true],
  ['a warning code', tried(1), 'warning', 1, 'job warning exit-1', true],
  ['a skip code', tried(75), 'skipped', 75, undefined, false],
  ['another code', tried(4), 'failed', 4, 'job critical exit-4', false],
  ['a signal', tried({ kind: 'signalled', signal: 'SIGSEGV' }), 'failed', 139, 'job critical sigsegv', false],
  ['its deadline', tried({ kind: 'timed-out' }), 'timed-out', 124, 'job critical timed-out', false],
  ['KILL', tried({ kind: 'timed-out' }, { killed: true }), 'timed-out', 137, 'job critical timed-out', false],
  [
    'not found',
    tried({ kind: 'not-started', code: 'not-found', message: 'no x' }),
    'failed',
    127,
    'job critical not-found',
    false,
  ],
  [
    'not executable',
    tried({ kind: 'not-started', code: 'not-executable', message: 'no x' }),
    'failed',
    126,
    'job critical not-executable',
    false,
  ],
  [
    'no memory',
    tried({ kind: 'not-started', code: 'failed', message: 'no x' }),
    'failed',
    125,
    'job critical not-started',
    false,
  ],
  [
    'Ctrl-C',
    tried({ kind: 'aborted', reason: 'x', signal: 'SIGINT' }),
    'interrupted',
    130,
    'job unknown interrupted',
    false,
  ],
  [
    'TERM',
    tried({ kind: 'abandoned', pid: 9, reason: 'aborted', signal: 'SIGTERM' }),
    'interrupted',
    143,
    'job unknown interrupted',
    false,
  ],
  [
    'a deadline that it survived',
    tried({ kind: 'abandoned', pid: 9, reason: 'timed-out', signal: 'SIGTERM' }),
    'timed-out',
    137,
    'job critical timed-out',
    false,
  ],
] as const)('another program that ends by %s', (_name, attempt, state, exitCode, own, complete) => {
  const run = judge([attempt], { exit: mapping });
  expect(run).toMatchObject({ state, exitCode, complete, verdicts: own === undefined ? [] : [own] });
});

test('0 that is not among the ok codes is never answered as 0', () => {
  expect(judge([tried(0)], { exit: { ok: [1], warning: [], skip: [] } })).toMatchObject({
    state: 'failed',
    exitCode: 1,
  });
});

test.each([
  ['all fine', judged(0, [verdict('a', 'ok')]), 'ok', 0, ['a ok ok'], true],
  ['nothing judged', judged(0, []), 'ok', 0, ['job ok ok'], true],
  ['a warning', judged(1, [verdict('a', 'warning')]), 'warning', 1, ['a warning bad'], true],
  ['a relaxed warning', judged(0, [verdict('a', 'warning')]), 'warning', 0, ['a warning bad'], true],
  ['a finding', judged(1, [verdict('a', 'critical')]), 'failed', 1, ['a critical bad'], true],
  ['an event', judged(1, [event('a', 'e')]), 'failed', 1, ['a critical e'], true],
  ['grep that found nothing', judged(1, []), 'failed', 1, ['job critical exit-1'], false],
  ['an unreachable host', judged(2, [verdict('a', 'unknown')]), 'failed', 2, ['job ok ok', 'a unknown bad'], false],
  ['a failure', judged(2, []), 'failed', 2, ['job unknown exit-2'], false],
  [
    'a failure after findings',
    judged(2, [verdict('a', 'critical')]),
    'failed',
    2,
    ['job unknown exit-2', 'a critical bad'],
    false,
  ],
  [
    'a failure after an unknown',
    judged(2, [verdict('a', 'unknown')], 'network'),
    'failed',
    2,
    ['job unknown exit-2', 'a unknown bad'],
    false,
  ],
  [
    'its own crash',
    tried({ kind: 'signalled', signal: 'SIGABRT' }, { judgements: { verdicts: [], more: 0, endsAt: 0 } }),
    'failed',
    134,
    ['job unknown sigabrt'],
    false,
  ],
  [
    'a deadline',
    tried({ kind: 'timed-out' }, { judgements: { verdicts: [verdict('a', 'ok')], more: 0, endsAt: 0 } }),
    'timed-out',
    124,
    ['job unknown timed-out', 'a ok ok'],
    false,
  ],
  [
    'an end without its words',
    tried(0, { judgements: { verdicts: [verdict('a', 'ok')], more: 0, endsAt: 0 } }),
    'ok',
    0,
    ['job ok ok', 'a ok ok'],
    false,
  ],
  [
    'more than is read',
    tried(0, { judgements: { verdicts: [], more: 3, endsAt: 0, end: { exitCode: 0 } } }),
    'failed',
    1,
    ['job unknown too-many'],
    false,
  ],
] as const)('a command of ours with %s', (_name, attempt, state, exitCode, verdicts, complete) => {
  // Not only the exit code, which is 0 for more than is read, may say that it is not fine.
  expect(judge([attempt])).toMatchObject({ state, exitCode, verdicts, complete });
});

test('what try 1 finds arrives, though try 2 does not find it and ends well', () => {
  const run = judge([judged(2, [event('app.log', 'e1'), verdict('b', 'unknown')]), judged(0, [verdict('b', 'ok')])]);
  expect(run.verdicts).toEqual(['b ok ok', 'app.log critical e1']);
  expect(run).toMatchObject({ state: 'failed', exitCode: 1, complete: true });
});

test('an event that two tries find is one', () => {
  const run = judge([judged(2, [event('a', 'e1')]), judged(1, [event('a', 'e1'), event('b', 'e1'), event('a', 'e2')])]);
  expect(run.verdicts).toEqual(['a critical e1', 'b critical e1', 'a critical e2']);
});

test('a try that told everything puts the one before aside', () => {
  const first = judged(2, [verdict('gone', 'unknown'), verdict('a', 'critical')]);
  expect(judge([first, judged(1, [verdict('a', 'warning')])]).verdicts).toEqual(['a warning bad']);
});

test('a try that was cut short puts aside only what it told', () => {
  const first = judged(2, [verdict('a', 'critical'), verdict('b', 'critical'), verdict('c', 'unknown')]);
  const cut = tried({ kind: 'timed-out' }, { judgements: { verdicts: [verdict('a', 'ok')], more: 0, endsAt: 0 } });
  expect(judge([first, cut]).verdicts).toEqual(['job unknown timed-out', 'a ok ok', 'b critical bad', 'c unknown bad']);
});

test('a broken expectation is a failure with the words for it', () => {
  const run = judge([tried(0, { durationSeconds: 2 })], { expect: { minSeconds: 5 } });
  expect(run).toMatchObject({ state: 'failed', exitCode: 1, verdicts: ['job critical too-fast'], complete: false });
  expect(run.ended).toBe('exit code 0, but took 2s, expected were at least 5s');
});

test('of a run that failed nothing further is expected', () => {
  const run = judge([tried(3, { durationSeconds: 2 })], { expect: { minSeconds: 5, outputMatches: 'x' } });
  expect(run.verdicts).toEqual(['job critical exit-3']);
});

test('a run that skipped itself is not too fast', () => {
  const run = judge([tried(75, { durationSeconds: 0 })], { exit: mapping, expect: { minSeconds: 5 } });
  expect(run).toMatchObject({ state: 'skipped', verdicts: [] });
});

test('with -o nagios the usual exit code decides and its own is answered', () => {
  const attempt = tried(2, { judgements: judged(1, [verdict('a', 'critical')]).judgements });
  expect(judge([attempt])).toMatchObject({ exitCode: 2, complete: true, verdicts: ['a critical bad'] });
});

test.each([
  [tried(3), 'exit code 3'],
  [judged(2, [], 'network'), 'exit code 2 (network)'],
  [tried({ kind: 'timed-out' }), 'timed out after 5s'],
  [tried({ kind: 'timed-out' }, { killed: true }), 'timed out after 5s, KILL was needed'],
  [tried({ kind: 'aborted', reason: 'x', signal: 'SIGTERM' }), 'interrupted by SIGTERM'],
  [tried({ kind: 'signalled', signal: 'SIGKILL' }), 'ended by SIGKILL'],
  [tried({ kind: 'not-started', code: 'not-found', message: 'no program x' }), 'no program x'],
])('it says in one line how it ended', (attempt, words) => {
  expect(judge([attempt], { timeoutSeconds: 5 }).ended).toBe(words);
});
