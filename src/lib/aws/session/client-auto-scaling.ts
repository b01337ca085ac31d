import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { watchAnswers } from './client-answer.ts';
import { clientConfig } from './client-config.ts';
import type { Credentials } from './credential-chain.ts';
import type { SessionSettings } from './session.ts';

/** Import this module lazily: it loads the SDK. */
export function openAutoScaling(
  settings: SessionSettings,
  region: string,
  credentials: Credentials,
): AutoScalingClient {
  return watchAnswers(
    new AutoScalingClient(clientConfig(settings, 'AUTO_SCALING', region, credentials)),
    settings.signal,
  );
}
