import type { Address } from '../net/address.ts';
import { NameFailure } from '../net/name-failure.ts';
import type { Resolver } from '../net/resolver.ts';
import { pause } from '../time/pause.ts';
import type { CertificateCheck, EndpointFacts } from './certificate-check.ts';
import { finding } from './judge/finding.ts';
import { judgeEndpoint, type Judgement } from './judge/judge-endpoint.ts';
import type { JudgeOptions } from './judge/judge-options.ts';
import type { KnownCertificates } from './judge/known-certificates.ts';
import { settle } from './judge/settle.ts';
import { retrySeconds } from './probe/climb.ts';
import type { Probe, ProbeOutcome } from './probe/probe.ts';
import { probeEndpoint } from './probe/probe-endpoint.ts';
import { ProbeFailure } from './probe-failure.ts';
import type { Deadlines } from './probe/deadline.ts';
import type { SecureContexts } from './probe/secure-contexts.ts';
import type { EndpointTarget } from './target/target.ts';
import type { TrustStore } from './trust/trust-store.ts';

/** What all endpoints of a run share. */
export interface EndpointChecks {
  resolve: Resolver;
  contexts: SecureContexts;
  deadlines: Deadlines;
  store: TrustStore;
  known: KnownCertificates;
  timeoutSeconds: number;
  retries: number;
  clientName: string;
  /** 0: IPv4 and IPv6. */
  family: 0 | 4 | 6;
  /** One record for each address of a name, not for the first that answers. */
  allAddresses: boolean;
  /** Ask once more for the other kind of key, for servers with an RSA and an EC certificate. */
  bothKeyTypes: boolean;
  judging(target: EndpointTarget): JudgeOptions;
  now(): Date;
  monotonic(): number;
  signal: AbortSignal;
}

/** One record, or more where several addresses or key types are asked for. Rejects only with the signal's reason. */
export async function checkEndpoint(target: EndpointTarget, checks: EndpointChecks): Promise<CertificateCheck[]> {
  const started = checks.monotonic();
  const addresses = await addressesOf(target, checks);
  if (addresses instanceof ProbeFailure) return [recordOf(target, checks, { attempts: 0, result: addresses }, started)];
  if (!checks.allAddresses || addresses.length < 2) return probeAll(target, addresses, target.subject, checks, started);
  const each = addresses.map((address) =>
    probeAll(target, [address], `${target.subject} (${address.address})`, checks, started),
  );
  return (await Promise.all(each)).flat();
}

async function addressesOf(target: EndpointTarget, checks: EndpointChecks): Promise<readonly Address[] | ProbeFailure> {
  const { host, addressFamily, settings } = target;
  const fixed = settings.address ?? (addressFamily === 0 ? undefined : host);
  if (fixed !== undefined) {
    const family = fixed.includes(':') ? 6 : 4;
    if (checks.family === 0 || checks.family === family) return [{ address: fixed, family }];
    const message = `${fixed} is an IPv${family} address, and only IPv${checks.family} may be used`;
    return new ProbeFailure('unreachable', message, { hint: `leave -${checks.family} out` });
  }
  for (let left = checks.retries; ; left--) {
    try {
      return await checks.resolve(host);
    } catch (error) {
      checks.signal.throwIfAborted();
      if (!(error instanceof NameFailure)) throw error;
      const hint = error.temporary ? 'does DNS work on this machine?' : 'is the name right?';
      if (!error.temporary || left === 0) return new ProbeFailure('dns', error.message, { hint, cause: error });
      await pause(retrySeconds, checks.signal);
    }
  }
}

async function probeAll(
  target: EndpointTarget,
  addresses: readonly Address[],
  subject: string,
  checks: EndpointChecks,
  started: number,
): Promise<CertificateCheck[]> {
  const outcome = await probe(target, addresses, checks);
  const record = recordOf({ ...target, subject }, checks, outcome, started);
  const keyAlgorithm = record.certificates[0]?.key_algorithm;
  if (!checks.bothKeyTypes || keyAlgorithm === undefined || outcome.result instanceof ProbeFailure) return [record];
  const otherType = keyAlgorithm.startsWith('rsa') ? 'ec' : 'rsa';
  const restarted = checks.monotonic();
  const other = await probe(target, addresses, checks, otherType);
  if (hasNoOther(outcome.result, other.result)) return [record];
  return [record, recordOf({ ...target, subject: `${subject} (${otherType})` }, checks, other, restarted)];
}

/** A server with one certificate only refuses the handshake, or presents the same one again. */
function hasNoOther(first: Probe, other: Probe | ProbeFailure): boolean {
  if (other instanceof ProbeFailure) return other.code === 'handshake-failed';
  return other.presented[0]?.equals(first.presented[0]!) !== false;
}

function probe(
  target: EndpointTarget,
  addresses: readonly Address[],
  checks: EndpointChecks,
  keyType?: 'rsa' | 'ec',
): Promise<ProbeOutcome> {
  const { host, port, protocol } = target;
  const { timeoutSeconds, retries, clientName, contexts, deadlines, signal } = checks;
  return probeEndpoint({
    host,
    addresses,
    port,
    protocol,
    servername: servernameOf(target),
    ...(keyType === undefined ? {} : { keyType }),
    timeoutSeconds,
    retries,
    clientName,
    contexts,
    deadlines,
    signal,
  });
}

/** RFC 6066 allows names only. */
function servernameOf({ host, addressFamily, settings }: EndpointTarget): string | undefined {
  return settings.servername ?? (addressFamily === 0 ? host : undefined);
}

function recordOf(
  target: EndpointTarget,
  checks: EndpointChecks,
  outcome: ProbeOutcome,
  started: number,
): CertificateCheck {
  const { host, port, protocol, subject, settings } = target;
  const { result, attempts, address } = outcome;
  const options = checks.judging(target);
  const servername = servernameOf(target);
  const { status, expiry, certificates, findings, trusted, nameMatches } =
    result instanceof ProbeFailure
      ? failed(result, options)
      : judgeEndpoint(result, servername ?? host, checks, options);
  const endpoint: EndpointFacts = {
    host,
    port,
    protocol,
    ...(address === undefined ? {} : { address }),
    ...(servername === undefined ? {} : { servername }),
    ...(result instanceof ProbeFailure ? {} : sessionFacts(result)),
    ...(trusted === undefined ? {} : { trusted }),
    ...(nameMatches === undefined ? {} : { name_matches: nameMatches }),
    attempts,
  };
  return {
    schema: 'devops.ssl-expiry/1',
    subject,
    status,
    ...(settings.owner === undefined ? {} : { owner: settings.owner }),
    time: checks.now().toISOString(),
    took_ms: Math.round((checks.monotonic() - started) * 1000),
    ...expiry,
    endpoint,
    certificates,
    findings,
  };
}

function failed({ code, message, hint }: ProbeFailure, options: JudgeOptions): Judgement {
  return { ...settle([finding(code, message, { hint })], options), expiry: {}, certificates: [] };
}

function sessionFacts({ version, cipher, rung }: Probe): Partial<EndpointFacts> {
  return {
    ...(version === undefined ? {} : { tls_version: version }),
    ...(cipher === undefined ? {} : { cipher }),
    probe: rung,
  };
}
