import type { Finding } from '../certificate-check.ts';
import type { Certificate } from '../certificate/certificate.ts';
import type { PathElement } from '../trust/certification-path.ts';
import { dateFindings, type Role } from './date-findings.ts';
import { isoTime } from './iso-time.ts';
import type { JudgeOptions } from './judge-options.ts';
import { finding } from './finding.ts';
import { nameOf } from './name-of.ts';
import { strengthFindings } from './strength-findings.ts';

/** A certificate that counts, and its place in the record. */
export interface CountedElement extends PathElement {
  index: number;
  isRoot: boolean;
}

/** What is to be said of every certificate that counts: its dates, and how strong it is. */
export function elementFindings(elements: readonly CountedElement[], options: JudgeOptions): Finding[] {
  return elements.flatMap(({ certificate, index, isRoot, presentedAt }) => {
    // `openssl req -x509` makes every certificate an authority, those of servers, too.
    const role = index === 0 ? 'certificate' : roleOf(certificate, isRoot);
    const what = index === 0 ? 'the certificate' : `the ${role} ${nameOf(certificate)}`;
    const found = dateFindings(certificate, { what, role, index }, options);
    if (options.expiryOnly || presentedAt === undefined) return found;
    return [...found, ...strengthFindings(certificate, what, index, isRoot)];
  });
}

function roleOf({ isAuthority }: Certificate, isRoot: boolean): Role {
  if (!isAuthority) return 'certificate';
  return isRoot ? 'root' : 'issuer';
}

/** What was presented beside the path, and expired: it breaks only clients that choose another way. */
export function unusedFindings(
  certificates: readonly Certificate[],
  counted: ReadonlySet<number>,
  now: number,
): Finding[] {
  return certificates.flatMap((certificate, index) => {
    if (counted.has(index) || certificate.notAfter >= now) return [];
    const message = `${nameOf(certificate)}, which is sent but not needed, expired on ${isoTime(certificate.notAfter)}`;
    return [finding('expired-unused', message, { index, hint: 'take it out of the chain' })];
  });
}

/** RFC 5246 wants each certificate to certify the one before it; RFC 8446 has given that up. */
export function orderFindings(elements: readonly PathElement[]): Finding[] {
  const places = elements.flatMap(({ presentedAt }) => presentedAt ?? []);
  if (places.every((place, at) => at === 0 || place > places[at - 1]!)) return [];
  const message = 'the certificates of the chain are not sent in their order';
  return [
    finding('chain-order', message, { hint: 'put the server certificate first and the issuer of each after it' }),
  ];
}
