import type { Finding } from '../certificate-check.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { finding } from './finding.ts';

/** Too small since 2014 (CA/Browser Forum Baseline Requirements, 6.1.5). */
const fewestBits: Readonly<Record<string, number>> = { rsa: 2048, 'rsa-pss': 2048, dsa: 2048, ec: 224 };

/** Hashes for which collisions can be made. */
const weakHash = /(?:md[245]|sha1|sha(?!k))(?!\d)/i;

/** What is weak about one certificate. A root's own signature proves nothing, and so cannot be weak. */
export function strengthFindings(certificate: Certificate, what: string, index: number, isRoot: boolean): Finding[] {
  const { key, signatureAlgorithm } = certificate;
  const found: Finding[] = [];
  const least = fewestBits[key.algorithm];
  if (least !== undefined && key.bits !== undefined && key.bits < least) {
    const message = `${what} has a key of ${key.bits} bits (${key.algorithm.toUpperCase()})`;
    found.push(finding('weak-key', message, { index, hint: `have it issued anew with at least ${least} bits` }));
  }
  if (!isRoot && weakHash.test(signatureAlgorithm)) {
    const message = `${what} is signed with ${signatureAlgorithm}`;
    found.push(finding('weak-signature', message, { index, hint: 'have it issued anew with SHA-256 or better' }));
  }
  return found;
}
