import { type ItemError, itemError } from '../../results/item-error.ts';
import type { AwsTarget } from '../target.ts';

/**
 * Why a target could not be asked, for a record that has the target as its subject: it is not named once more. What
 * nobody can mend is thrown again.
 */
export function targetError(error: unknown, { label }: Pick<AwsTarget, 'label'>): ItemError {
  const told = itemError(error);
  // As callFailure begins: `DescribeInstances in eu-central-1: ...`.
  return { ...told, message: told.message.replace(` in ${label}: `, () => ': ') };
}
