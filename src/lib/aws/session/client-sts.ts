import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { watchAnswers } from './client-answer.ts';
import { clientConfig } from './client-config.ts';
import type { Credentials } from './credential-chain.ts';
import type { SessionSettings } from './session.ts';

export interface Sts {
  client: STSClient;
  AssumeRoleCommand: typeof AssumeRoleCommand;
  AssumeRoleWithWebIdentityCommand: typeof AssumeRoleWithWebIdentityCommand;
  GetCallerIdentityCommand: typeof GetCallerIdentityCommand;
}

/** Import this module lazily: it loads the SDK. */
export function openSts(settings: SessionSettings, region: string, credentials: Credentials): Sts {
  return {
    client: watchAnswers(new STSClient(clientConfig(settings, 'STS', region, credentials)), settings.signal),
    AssumeRoleCommand,
    AssumeRoleWithWebIdentityCommand,
    GetCallerIdentityCommand,
  };
}
