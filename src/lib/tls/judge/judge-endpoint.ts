import type { Status } from '../../results/verdict.ts';
import type { CertificateFacts, Finding } from '../certificate-check.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { MalformedCertificate } from '../certificate/certificate.ts';
import type { Probe } from '../probe/probe.ts';
import { versionName } from '../version-name.ts';
import { type CertificationPath, findPath, indexPresented } from '../trust/certification-path.ts';
import type { TrustStore } from '../trust/trust-store.ts';
import { finding } from './finding.ts';
import { judgeIdentity } from './identity-findings.ts';
import type { JudgeOptions } from './judge-options.ts';
import { type CountedElement, elementFindings, orderFindings, unusedFindings } from './path-findings.ts';
import { type ExpiryFacts, expiryFacts, settle } from './settle.ts';
import type { KnownCertificates } from './known-certificates.ts';
import { judgeTrust } from './trust-findings.ts';

/** What was found, without where it was looked for. */
export interface Judgement {
  status: Status;
  expiry: ExpiryFacts;
  certificates: CertificateFacts[];
  findings: Finding[];
  trusted?: boolean;
  nameMatches?: boolean;
}

/** Judges what a server presented. `name` is what it was asked for: a host name or an address. */
export function judgeEndpoint(
  probe: Probe,
  name: string,
  { store, known }: { store: TrustStore; known: KnownCertificates },
  options: JudgeOptions,
): Judgement {
  const { certificates, broken } = parseAll(probe.presented, known);
  const found: Finding[] = [...broken, ...handshakeFindings(probe, options)];
  if (certificates.length === 0) return { ...settle(found, options), expiry: {}, certificates: [] };
  const presented = indexPresented(certificates);
  const { verification } = probe;
  const isVerified = verification !== undefined && verification.code === undefined;
  // Signatures tell why a chain is not trusted; nobody asks for that here.
  const verify = !isVerified && !options.expiryOnly;
  const path = findPath(presented, 0, store, { verify, now: options.now });
  const elements = countedElements(path, certificates.length);
  const counted = new Set(elements.map(({ index }) => index));
  found.push(...elementFindings(elements, options));
  let trusted: boolean | undefined;
  let nameMatches: boolean | undefined;
  if (!options.expiryOnly) {
    const identity = judgeIdentity(certificates[0]!, name, probe.leaf);
    nameMatches = identity.matches;
    found.push(
      ...identity.findings,
      ...orderFindings(path.elements),
      ...unusedFindings(certificates, counted, options.now),
    );
    const trust = judgeTrust(path, verification, found);
    ({ trusted } = trust);
    found.push(...trust.findings);
  }
  return {
    ...settle(found, options),
    expiry: expiryFacts(elements, options),
    certificates: [
      ...certificates.map((certificate, index) => known.facts(certificate, 'presented', counted.has(index))),
      ...elements
        .filter(({ presentedAt }) => presentedAt === undefined)
        .map(({ certificate }) => known.facts(certificate, 'trust-store', true)),
    ],
    ...(trusted === undefined ? {} : { trusted }),
    ...(nameMatches === undefined ? {} : { nameMatches }),
  };
}

/** Roots of the trust store stand behind what was presented. */
function countedElements({ elements, end }: CertificationPath, presentedCount: number): CountedElement[] {
  return elements.map((element, at) => ({
    ...element,
    index: element.presentedAt ?? presentedCount,
    isRoot: at === elements.length - 1 && end !== 'unknown-issuer',
  }));
}

function parseAll(
  presented: readonly Buffer[],
  known: KnownCertificates,
): { certificates: Certificate[]; broken: Finding[] } {
  const certificates: Certificate[] = [];
  const broken: Finding[] = [];
  for (const [place, der] of presented.entries()) {
    try {
      certificates.push(known.read(der));
    } catch (error) {
      if (!(error instanceof MalformedCertificate)) throw error;
      broken.push(finding('malformed', `certificate ${place} of the chain cannot be read: ${error.message}`));
      // The server's own certificate is the one that counts: without it the others would be taken for it.
      if (place === 0) break;
    }
  }
  return { certificates, broken };
}

function handshakeFindings({ refusal, version, clientCertificateWanted }: Probe, options: JudgeOptions): Finding[] {
  if (options.expiryOnly) return [];
  const found: Finding[] = [];
  if (refusal !== undefined) {
    const old = version !== undefined && version !== 'TLSv1.2' && version !== 'TLSv1.3';
    const speaks = old
      ? `the server speaks nothing newer than ${versionName(version)}`
      : 'a current client cannot connect';
    const tooLarge = refusal.message.includes('excessive message size');
    const hint = tooLarge
      ? 'clients take chains up to 100 KiB: spread the names over several certificates'
      : 'switch on TLS 1.2 or 1.3 with current ciphers on the server';
    found.push(finding('old-tls', `${speaks}: ${refusal.message}`, { hint }));
  }
  if (clientCertificateWanted) {
    const message = 'the server asks for a client certificate';
    found.push(finding('client-certificate', message, { hint: '--cert FILE --key FILE presents one' }));
  }
  return found;
}
