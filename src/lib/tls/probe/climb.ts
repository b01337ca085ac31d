import { pause } from '../../time/pause.ts';
import type { Attempts } from './attempts.ts';
import { connectionFailure } from './connection-failure.ts';
import type { Handshake } from './handshake.ts';
import type { Probe, ProbeRequest } from './probe.ts';
import { ProbeFailure } from '../probe-failure.ts';

/** Before what was refused, reset or not answered for is tried again. */
export const retrySeconds = 0.5;

/**
 * One rung after the other, until one brings a certificate. Rejects with ProbeFailure, or with the signal's reason when
 * that is aborted before anything is known.
 */
export async function climb(attempts: Attempts, request: ProbeRequest, signal: AbortSignal): Promise<Probe> {
  const { keyType, retries } = request;
  const first = await withRetries(() => attempts.shake(keyType ?? 'current'), retries, signal);
  if (first.failure === undefined) {
    const verification = await verificationOf(first, attempts, signal);
    return { ...first, ...verification, rung: 'default' };
  }
  const refusal = connectionFailure(first.failure);
  // It wants our certificate, which is no fault of its own; what it presented is all that there is.
  if (first.presented.length > 0 && first.clientCertificateWanted) return { ...first, rung: 'default' };
  if (keyType !== undefined || refusal.code === 'sni-refused') throw refusal;
  try {
    return await climbLower(attempts, refusal, signal);
  } catch (error) {
    if (first.presented.length > 0) return { ...first, rung: 'default', refusal };
    // The raw reader has looked at the bytes and can say what they are; all else says less than the first refusal.
    const failure = connectionFailure(error);
    throw failure.code === 'not-tls' ? failure : refusal;
  }
}

/** OpenSSL's words for a weak key or hash, which hide what else it thinks of the chain; the last one is Node's. */
const securityLevelCodes: ReadonlySet<string | undefined> = new Set([
  'EE_KEY_TOO_SMALL',
  'CA_KEY_TOO_SMALL',
  'CA_MD_TOO_WEAK',
  'UNSPECIFIED',
]);

/** Weakness is a finding of its own: whether the chain is trusted is asked once more with the bars lowered. */
async function verificationOf(
  first: Handshake,
  attempts: Attempts,
  signal: AbortSignal,
): Promise<Pick<Handshake, 'verification'>> {
  if (!securityLevelCodes.has(first.verification?.code ?? 'none')) return {};
  const lowered = await quietly(attempts.shake('permissive'), signal).catch(() => undefined);
  const isSame = lowered?.presented[0]?.equals(first.presented[0]!) === true;
  return isSame && lowered.verification !== undefined ? { verification: lowered.verification } : {};
}

/** What no current client does. */
async function climbLower(attempts: Attempts, refusal: ProbeFailure, signal: AbortSignal): Promise<Probe> {
  if (refusal.code === 'handshake-failed') {
    const modern = await quietly(attempts.shake('all-groups'), signal);
    if (modern !== undefined && modern.failure === undefined) return { ...modern, rung: 'default' };
  }
  if (refusal.code !== 'not-tls') {
    const lowered = await quietly(attempts.shake('permissive'), signal);
    if (lowered !== undefined && lowered.presented.length > 0) {
      return { ...lowered, rung: 'permissive', refusal };
    }
  }
  return attempts.readRaw(refusal);
}

/** Again after a refused or reset connection: a service that restarts is back in a moment. */
async function withRetries(shake: () => Promise<Handshake>, retries: number, signal: AbortSignal): Promise<Handshake> {
  for (let left = retries; ; left--) {
    const answer = await shake().catch((error: unknown) => {
      signal.throwIfAborted();
      return connectionFailure(error);
    });
    const failed = answer instanceof ProbeFailure;
    if (!failed && answer.failure === undefined) return answer;
    const { code } = failed ? answer : connectionFailure(answer.failure);
    if (left === 0 || (code !== 'unreachable' && code !== 'reset')) {
      if (failed) throw answer;
      return answer;
    }
    try {
      await pause(retrySeconds, signal);
    } catch {
      // No time is left for another attempt: what the last one has said is all there is.
      if (failed) throw answer;
      return answer;
    }
  }
}

/** An attempt that may fail for any reason but the end of time. */
async function quietly(attempt: Promise<Handshake>, signal: AbortSignal): Promise<Handshake | undefined> {
  try {
    return await attempt;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
