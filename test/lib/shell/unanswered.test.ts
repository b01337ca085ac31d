import { expect, test } from 'vitest';
import { unanswered } from '../../../src/lib/shell/unanswered.ts';

test.each([
  [{ kind: 'timed-out' }, 'did not answer within 2s'],
  [{ kind: 'aborted' }, 'had not answered when the run ended'],
  [{ kind: 'abandoned', pid: 7, reason: 'timed-out' }, 'did not answer within 2s'],
  [{ kind: 'abandoned', pid: 7, reason: 'aborted' }, 'had not answered when the run ended'],
] as const)('%o is a timeout that %s', (end, message) => {
  expect(unanswered(end, 2)).toMatchObject({ message, code: 'ETIMEDOUT' });
  expect(unanswered(end, 2, 'systemctl').message).toBe(`systemctl ${message}`);
});
