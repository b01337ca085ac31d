import { EC2Client } from '@aws-sdk/client-ec2';
import { watchAnswers } from './client-answer.ts';
import { clientConfig } from './client-config.ts';
import type { Credentials } from './credential-chain.ts';
import type { SessionSettings } from './session.ts';

/** Import this module lazily: it loads the SDK. */
export function openEc2(settings: SessionSettings, region: string, credentials: Credentials): EC2Client {
  return watchAnswers(new EC2Client(clientConfig(settings, 'EC2', region, credentials)), settings.signal);
}
