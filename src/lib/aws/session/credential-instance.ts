import { UserError } from '../../errors/user-error.ts';
import type { KeyPair } from './credential-chain.ts';
import { openMetadata } from './session-metadata.ts';
import type { SessionSettings } from './session.ts';

const folder = '/latest/meta-data/iam/security-credentials/';

/**
 * Credentials of the instance's role; undefined where there is no metadata service. Throws UserError where there is
 * one that has none. The SDK's own provider would take its endpoint from the process's environment.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
 */
export async function instanceCredentials({ env, signal }: SessionSettings): Promise<KeyPair | undefined> {
  const metadata = await openMetadata({ env, signal });
  if (metadata === undefined) return undefined;
  const role = (await metadata.read(folder)).split('\n', 1)[0]!.trim();
  const answer = parseKeys(await metadata.read(folder + encodeURIComponent(role)));
  if (answer === undefined) {
    throw new UserError('the instance metadata service has no credentials of the role of this instance', {
      code: 'permission',
      hints: ['look at the role of the instance profile: its trust policy must name ec2.amazonaws.com'],
    });
  }
  return answer;
}

function parseKeys(text: string): KeyPair | undefined {
  let values: Record<string, unknown>;
  try {
    values = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = values;
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string' || typeof Token !== 'string') {
    return undefined;
  }
  const expiration = new Date(String(Expiration));
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: Token,
    ...(Number.isNaN(expiration.getTime()) ? {} : { expiration }),
  };
}
