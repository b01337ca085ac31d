import { expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';

test('it is an error with a code and hints, of which a failure has none unless it is told', () => {
  const cause = new Error('ENOENT');
  const told = new UserError('no such file', { code: 'not-found', hints: ['look again'], cause });
  expect(told).toBeInstanceOf(Error);
  expect(told).toMatchObject({ name: 'UserError', message: 'no such file', code: 'not-found', hints: ['look again'] });
  expect(told.cause).toBe(cause);
  expect(new UserError('it broke')).toMatchObject({ code: 'failed', hints: [] });
  expect('cause' in new UserError('it broke')).toBe(false);
});
