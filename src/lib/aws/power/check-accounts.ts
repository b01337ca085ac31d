import { UserError } from '../../errors/user-error.ts';
import type { AwsTarget } from '../target.ts';

/** Throws a UserError unless all of the targets are in one of these accounts. None given: any will do. */
export async function checkAccounts(targets: readonly AwsTarget[], accounts: readonly string[]): Promise<void> {
  if (accounts.length === 0) return;
  const allowed = new Set(accounts);
  const asked = await Promise.all(targets.map(async (target) => ({ target, account: await target.accountId() })));
  const other = asked.find(({ account }) => !allowed.has(account));
  if (other === undefined) return;
  const { target, account } = other;
  throw new UserError(
    `${target.label} is in account ${account}, not in ${accounts.join(' or ')}: nothing was changed`,
    { code: 'usage', hints: ['choose the credentials with --profile or --role-arn, or change --account'] },
  );
}
