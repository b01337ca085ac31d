import { expect, test } from 'vitest';
import type { RetryPolicy } from '../../../src/lib/jobs/job.ts';
import { shouldRetry } from '../../../src/lib/jobs/retry.ts';
import { judged, tried, usualExit, verdict } from './attempts.ts';

const policy: RetryPolicy = { attempts: 3, backoff: { fromSeconds: 1, toSeconds: 2 } };
const timedOut = tried({ kind: 'timed-out' });
const interrupted = tried({ kind: 'aborted', reason: 'x', signal: 'SIGTERM' });

test.each([
  ['a failure', judged(2, []), true],
  ['a host that could not be reached', judged(2, [verdict('a', 'unknown')]), true],
  ['a network failure', judged(2, [], 'network'), true],
  ['a mistake of usage', judged(2, [], 'usage'), false],
  ['a mistake of configuration', judged(2, [], 'config'), false],
  ['an answer', judged(1, [verdict('a', 'critical')]), false],
  ['a good end', judged(0, []), false],
  ['a busy lock', judged(75, []), true],
  ['a deadline of its own', judged(124, []), true],
  ['our deadline', timedOut, true],
  ['a signal', tried({ kind: 'signalled', signal: 'SIGKILL' }), false],
  ['an interruption', interrupted, false],
  ['-o nagios, whose 2 is an answer', tried(2, { judgements: { ...judged(1, []).judgements! } }), false],
])('of a command of ours %s is tried again as it should be', (_name, attempt, again) => {
  expect(shouldRetry(attempt, { isDevops: true, policy, exit: usualExit, attempt: 1 })).toBe(again);
});

test.each([
  ['a failure', tried(1), true],
  ['a usage mistake', tried(2), true],
  ['a signal', tried({ kind: 'signalled', signal: 'SIGSEGV' }), true],
  ['our deadline', timedOut, true],
  ['a program that is not there', tried({ kind: 'not-started', code: 'not-found', message: 'x' }), false],
  ['one that may not be executed', tried({ kind: 'not-started', code: 'not-executable', message: 'x' }), false],
  ['127 of its own shell', tried(127), false],
  ['126 of its own shell', tried(126), false],
  ['a good end', tried(0), false],
  ['a warning', tried(7), false],
  ['a skip', tried(75), false],
  ['an interruption', interrupted, false],
  [
    'an interruption that it survived',
    tried({ kind: 'abandoned', pid: 1, reason: 'aborted', signal: 'SIGINT' }),
    false,
  ],
  ['a deadline that it survived', tried({ kind: 'abandoned', pid: 1, reason: 'timed-out', signal: 'SIGTERM' }), true],
])('of another program %s is tried again as it should be', (_name, attempt, again) => {
  const exit = { ok: [0], warning: [7], skip: [75] };
  expect(shouldRetry(attempt, { isDevops: false, policy, exit, attempt: 1 })).toBe(again);
});

test.each([
  ['what is listed', judged(1, []), [1], true],
  ['what is not', judged(2, []), [1], false],
  ['a timeout', timedOut, ['timeout'], true],
  ['a timeout by its number', timedOut, [124], true],
  ['a timeout with KILL', tried({ kind: 'timed-out' }, { killed: true }), ['timeout'], true],
  ['no timeout', timedOut, [1], false],
  ['127', tried(127), [127], true],
  ['an interruption never', interrupted, [143, 'timeout'], false],
] as const)('retry.on replaces the rule: %s', (_name, attempt, on, again) => {
  const question = { isDevops: true, policy: { ...policy, on }, exit: usualExit, attempt: 1 };
  expect(shouldRetry(attempt, question)).toBe(again);
});

test('there are no more attempts than the policy has', () => {
  const ask = (attempt: number) => shouldRetry(tried(1), { isDevops: false, policy, exit: usualExit, attempt });
  expect([1, 2, 3, 4].map(ask)).toEqual([true, true, false, false]);
});
