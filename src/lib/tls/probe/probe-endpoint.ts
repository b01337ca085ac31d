import { formatDuration } from '../../quantity/duration.ts';
import { tlsAtOnceHint } from '../starttls/foreign-protocol.ts';
import { type Attempts, createAttempts, type Progress } from './attempts.ts';
import { climb } from './climb.ts';
import { connectionFailure } from './connection-failure.ts';
import type { Probe, ProbeOutcome, ProbeRequest } from './probe.ts';
import { ProbeFailure } from '../probe-failure.ts';

/**
 * Reads the certificates of one endpoint, whatever it takes: a handshake as current clients do it, one with the bars
 * lowered, and at last a look at the first messages of TLS 1.2 without a handshake, all within one deadline. Rejects
 * only with the signal's reason.
 */
export async function probeEndpoint(request: ProbeRequest): Promise<ProbeOutcome> {
  const { timeoutSeconds, deadlines, signal } = request;
  const progress: Progress = { attempts: 0, phase: 'connect' };
  const deadline = deadlines.start(timeoutSeconds, () => late(progress.phase, request));
  const attempts = createAttempts(request, deadline.signal, progress);
  const rescue = startRescue(attempts, timeoutSeconds / 2, progress);
  const outcome = (result: Probe | ProbeFailure): ProbeOutcome => {
    const { attempts: count, address } = progress;
    return { attempts: count, ...(address === undefined ? {} : { address }), result };
  };
  try {
    return outcome(await climb(attempts, request, deadline.signal));
  } catch (error) {
    signal.throwIfAborted();
    const failure = connectionFailure(error);
    return outcome((failure.code === 'timeout' ? await rescue.answer() : undefined) ?? failure);
  } finally {
    rescue.cancel();
    deadline.release();
  }
}

function late(phase: Progress['phase'], { timeoutSeconds, protocol, host, port }: ProbeRequest): ProbeFailure {
  const limit = formatDuration(timeoutSeconds);
  if (phase === 'connect') {
    const hint = 'is it up, and does a firewall let us through?';
    return new ProbeFailure('timeout', `no answer to the connection within ${limit}`, { hint });
  }
  if (phase === 'starttls' && protocol !== 'tls') {
    const hint = tlsAtOnceHint({ protocol, serverName: host, port });
    return new ProbeFailure('timeout', `connected, but no word of ${protocol} within ${limit}`, { hint });
  }
  const hint = 'is it the right port and protocol? A server that is only slow needs a longer --connect-timeout';
  return new ProbeFailure('timeout', `connected, but no TLS handshake within ${limit}`, { hint });
}

/**
 * A server that leaves a modern hello without an answer may answer the old, small one. It is asked at half time beside
 * the handshake, which still counts when it comes to an end.
 */
function startRescue(attempts: Attempts, seconds: number, progress: Progress) {
  let answer: Promise<Probe | undefined> = Promise.resolve(undefined);
  const timer = setTimeout(() => {
    if (progress.phase !== 'handshake' || progress.attempts > 1) return;
    const refusal = new ProbeFailure('timeout', 'it leaves a current TLS client without an answer');
    answer = attempts.readRaw(refusal).catch(() => undefined);
  }, seconds * 1000);
  return { answer: () => answer, cancel: () => clearTimeout(timer) };
}
