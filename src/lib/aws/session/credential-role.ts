import type {
  AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommandInput,
  Credentials as StsCredentials,
} from '@aws-sdk/client-sts';
import { UserError } from '../../errors/user-error.ts';
import { callFailure } from '../failure/call-failure.ts';
import { openSts, type Sts } from './client-sts.ts';
import type { KeyPair } from './credential-chain.ts';
import type { SessionSettings } from './session.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html Throws the UserError of callFailure. */
export function assumeRole(
  settings: SessionSettings,
  region: string,
  keys: KeyPair,
  role: AssumeRoleCommandInput,
): Promise<KeyPair> {
  return askSts(settings, region, keys, `AssumeRole ${role.RoleArn}`, ({ client, AssumeRoleCommand }) =>
    client.send(new AssumeRoleCommand(role), { abortSignal: settings.signal }),
  );
}

/** With the token of a pod or of a CI job instead of keys. Throws the UserError of callFailure. */
export function assumeRoleWithToken(
  settings: SessionSettings,
  region: string,
  role: AssumeRoleWithWebIdentityCommandInput,
): Promise<KeyPair> {
  const operation = `AssumeRoleWithWebIdentity ${role.RoleArn}`;
  return askSts(settings, region, undefined, operation, ({ client, AssumeRoleWithWebIdentityCommand }) =>
    client.send(new AssumeRoleWithWebIdentityCommand(role), { abortSignal: settings.signal }),
  );
}

async function askSts(
  settings: SessionSettings,
  region: string,
  /** Undefined: the request is not signed. */
  keys: KeyPair | undefined,
  operation: string,
  ask: (sts: Sts) => Promise<{ Credentials?: StsCredentials | undefined }>,
): Promise<KeyPair> {
  const sts = openSts(settings, region, () => Promise.resolve(keys ?? { accessKeyId: '', secretAccessKey: '' }));
  const where = { region, label: region, ...(settings.named === undefined ? {} : { profile: settings.named }) };
  try {
    const { Credentials: answer } = await ask(sts);
    if (!answer?.AccessKeyId || !answer.SecretAccessKey || !answer.SessionToken) {
      throw new UserError(`${region}: ${operation} was answered without credentials`);
    }
    return {
      accessKeyId: answer.AccessKeyId,
      secretAccessKey: answer.SecretAccessKey,
      sessionToken: answer.SessionToken,
      ...(answer.Expiration === undefined ? {} : { expiration: answer.Expiration }),
    };
  } catch (error) {
    settings.signal.throwIfAborted();
    throw callFailure(error, where, operation);
  } finally {
    sts.client.destroy();
  }
}
