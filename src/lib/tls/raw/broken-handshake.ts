import { ProbeFailure } from '../probe-failure.ts';

/** The server speaks TLS and breaks its rules; `detail` goes on after "the server breaks the rules of TLS: ". */
export function brokenHandshake(detail: string): ProbeFailure {
  return new ProbeFailure('handshake-failed', `the server breaks the rules of TLS: ${detail}`);
}
