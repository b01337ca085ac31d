import type { Finding } from '../certificate-check.ts';
import type { Certificate } from '../certificate/certificate.ts';
import type { StoredCertificates } from '../store/stored-certificates.ts';
import { findPath, indexPresented } from '../trust/certification-path.ts';
import type { TrustStore } from '../trust/trust-store.ts';
import { certificateFacts } from './certificate-facts.ts';
import { finding } from './finding.ts';
import type { Judgement } from './judge-endpoint.ts';
import type { JudgeOptions } from './judge-options.ts';
import { type CountedElement, elementFindings, unusedFindings } from './path-findings.ts';
import { expiryFacts, settle } from './settle.ts';

/**
 * Judges the certificates of a file: the dates and the strength of all that some path goes through. Neither trust nor
 * names are asked of a file, because nobody knows who will present it to whom.
 */
export function judgeStored(stored: StoredCertificates, store: TrustStore, options: JudgeOptions): Judgement {
  const { certificates, problem } = stored;
  const elements = usedElements(certificates, store, options.now);
  const counted = new Set(elements.map(({ index }) => index));
  const found: Finding[] = [...elementFindings(elements, options)];
  if (problem !== undefined) found.push(finding(problem.code, problem.message, { hint: problem.hint }));
  if (!options.expiryOnly) found.push(...unusedFindings(certificates, counted, options.now));
  return {
    ...settle(found, options),
    expiry: expiryFacts(elements, options),
    certificates: certificates.map((certificate, index) => certificateFacts(certificate, 'file', counted.has(index))),
  };
}

/** A file may hold one chain, or many certificates that have nothing to do with each other. */
function usedElements(certificates: readonly Certificate[], store: TrustStore, now: number): CountedElement[] {
  const presented = indexPresented(certificates);
  const used = new Map<number, CountedElement>();
  const usedSubjects = new Set<string>();
  const follow = (start: number): void => {
    for (const element of findPath(presented, start, store, { verify: false, now }).elements) {
      const { presentedAt: index, certificate } = element;
      // What only this machine's trust store adds is no part of the file.
      if (index === undefined) continue;
      used.set(index, { ...element, index, isRoot: !isNotSelfIssued(certificate) });
      usedSubjects.add(certificate.subject.key);
    }
  };
  const issuers = new Set(certificates.filter(isNotSelfIssued).map(({ issuer }) => issuer.key));
  for (const [start, { subject }] of certificates.entries()) if (!issuers.has(subject.key)) follow(start);
  // Certificates that issue each other in a circle are nobody's end, and yet none of them may be passed over.
  for (const [start, { subject }] of certificates.entries()) if (!usedSubjects.has(subject.key)) follow(start);
  return [...used.values()].toSorted((a, b) => a.index - b.index);
}

function isNotSelfIssued({ subject, issuer }: Certificate): boolean {
  return subject.key !== issuer.key;
}
