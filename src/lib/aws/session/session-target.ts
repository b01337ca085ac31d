import { callFailure } from '../failure/call-failure.ts';
import type { Session } from './session.ts';
import type { AwsTarget } from '../target.ts';

/** One region of a session. Its clients are made at need, once, and end with `close`. */
export function openTarget(session: Session, region: string, isOneOfSeveral: boolean): AwsTarget {
  const { settings, credentials } = session;
  const { named, signal } = settings;
  const ends: (() => void)[] = [];
  const once = <Client extends { destroy(): void }>(open: () => Promise<Client>): (() => Promise<Client>) => {
    let client: Promise<Client> | undefined;
    return async () => {
      client ??= open().then((made) => {
        ends.push(() => made.destroy());
        return made;
      });
      return client;
    };
  };

  const target: AwsTarget = {
    region,
    ...(named === undefined ? {} : { profile: named }),
    label: isOneOfSeveral && named !== undefined ? `${named} ${region}` : region,
    ec2: once(async () => (await import('./client-ec2.ts')).openEc2(settings, region, credentials)),
    autoScaling: once(async () => {
      const { openAutoScaling } = await import('./client-auto-scaling.ts');
      return openAutoScaling(settings, region, credentials);
    }),
    accountId: () => session.accountId(askAccount),
    close() {
      for (const end of ends) end();
      ends.length = 0;
    },
  };

  async function askAccount(): Promise<string> {
    const { openSts } = await import('./client-sts.ts');
    const { client, GetCallerIdentityCommand } = openSts(settings, region, credentials);
    try {
      const { Account } = await client.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
      if (Account === undefined || !/^\d{12}$/.test(Account)) throw new Error('the answer has no account');
      return Account;
    } catch (error) {
      signal.throwIfAborted();
      throw callFailure(error, target, 'GetCallerIdentity');
    } finally {
      client.destroy();
    }
  }
  return target;
}
