import { expect, test } from 'vitest';
import { targetError } from '../../../../src/lib/aws/failure/target-error.ts';
import { UserError } from '../../../../src/lib/errors/user-error.ts';

const label = 'prod eu-west-1';

test('what failed is told without the region, which is the subject of the record, and with all hints', () => {
  const error = new UserError(`DescribeInstances in ${label}: the host ec2.example is not known`, {
    code: 'network',
    hints: ['is the region right?', 'the name server does not answer'],
  });
  expect(targetError(error, { label })).toEqual({
    code: 'network',
    message: 'DescribeInstances: the host ec2.example is not known',
    hint: 'is the region right?; the name server does not answer',
  });
});

test('other words stay, and what nobody can mend is thrown again', () => {
  expect(targetError(new UserError(`no key in ${label}`), { label })).toEqual({
    code: 'failed',
    message: `no key in ${label}`,
  });
  expect(() => targetError(new TypeError('a mistake of ours'), { label })).toThrow(TypeError);
});
