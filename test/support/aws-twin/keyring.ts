import type { TemporaryKeys } from './operation.ts';
import { hexDigits } from './random.ts';
import type { Keys } from './signature.ts';

/** Access keys of each account, and what AssumeRole makes of them. `now` is the clock by which they expire. */
export function openKeyring(accounts: readonly string[], random: () => number, now: () => Date) {
  const keys = new Map<string, Keys>();
  const env = new Map<string, Record<string, string>>();
  const upper = (length: number) => hexDigits(random, length).toUpperCase();
  for (const account of accounts) {
    const accessKey = `AKIA${upper(16)}`;
    const secretKey = `${hexDigits(random, 38)}+/`;
    keys.set(accessKey, { secretKey, account, arn: `arn:aws:iam::${account}:user/tester` });
    env.set(account, { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey });
  }
  return {
    keys,
    /** The variables from which every client takes its keys. */
    env(account: string): Record<string, string> {
      const found = env.get(account);
      if (found === undefined) throw new Error(`the twin has no account ${account}`);
      return found;
    },
    assume(roleArn: string, session: string, seconds: number): TemporaryKeys | undefined {
      const account = roleArn.split(':')[4]!;
      if (!accounts.includes(account)) return undefined;
      const arn = `${roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${session}`;
      const made: TemporaryKeys = {
        accessKey: `ASIA${upper(16)}`,
        secretKey: `${hexDigits(random, 38)}+/`,
        token: `${hexDigits(random, 64)}//==`,
        expires: new Date(now().getTime() + seconds * 1000),
        roleId: `AROA${upper(17)}`,
      };
      const { accessKey, secretKey, token, expires } = made;
      keys.set(accessKey, { secretKey, account, arn, token, expires });
      return made;
    },
  };
}
