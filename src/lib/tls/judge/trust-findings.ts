import { X509Certificate } from 'node:crypto';
import type { Finding } from '../certificate-check.ts';
import type { Certificate } from '../certificate/certificate.ts';
import type { CertificationPath } from '../trust/certification-path.ts';
import { finding } from './finding.ts';
import { nameOf } from './name-of.ts';

export interface TrustJudgement {
  /** Undefined when it could not be verified. */
  trusted: boolean | undefined;
  findings: Finding[];
}

/** OpenSSL's words for what other findings say better: dates and usage are no matter of trust. */
const saidElsewhere: Readonly<Record<string, Finding['code']>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  INVALID_PURPOSE: 'wrong-usage',
};

/**
 * Whether the chain leads to a trusted root. OpenSSL's word decides; the path, whose signatures were checked when
 * OpenSSL said no, explains it. `verification` undefined: OpenSSL was not asked. `others` are the findings so far.
 */
export function judgeTrust(
  path: CertificationPath,
  verification: { code: string | undefined } | undefined,
  others: readonly Finding[],
): TrustJudgement {
  if (verification !== undefined && verification.code === undefined) return { trusted: true, findings: [] };
  const end = path.elements.at(-1)!.certificate;
  const index = path.elements.at(-1)!.presentedAt;
  const add = '--ca FILE trusts it';
  if (path.end === 'self-signed') {
    if (path.elements.length === 1) {
      const message = `the certificate is self-signed and not trusted here`;
      return refused(finding('self-signed', message, { index, hint: `have a CA issue it; for your own, ${add}` }));
    }
    const message = `the chain ends in ${nameOf(end)}, a root that is not trusted here`;
    return refused(finding('untrusted', message, { index, hint: `is it your own CA? Then ${add}` }));
  }
  if (path.end === 'unknown-issuer') return refused(unknownIssuer(path, end, index));
  if (verification === undefined) {
    const message =
      'the certificate was read without a handshake: neither its chain nor that the server has its key is proven';
    return { trusted: undefined, findings: [finding('trust-not-checked', message)] };
  }
  const explanation = saidElsewhere[verification.code!];
  if (others.some(({ code }) => code === explanation) && mayIssue(path)) return { trusted: true, findings: [] };
  const hint = 'openssl s_client -showcerts and openssl verify tell more';
  return refused(finding('untrusted', `OpenSSL does not trust the chain: ${verification.code!}`, { index: 0, hint }));
}

function unknownIssuer(path: CertificationPath, end: Certificate, index: number | undefined): Finding {
  const issuer = `'${end.issuer.commonName ?? end.issuer.text}'`;
  if (path.elements.length === 1) {
    const message = `the server does not send the certificate of the issuer ${issuer}, which is no root that is trusted here`;
    const hint = 'install the full chain on the server; for a CA of your own, --ca FILE trusts it';
    return finding('incomplete-chain', message, { index, hint });
  }
  const message = `the chain ends in ${nameOf(end)}, whose issuer ${issuer} is neither sent nor trusted here`;
  const hint = 'is a certificate missing in the chain? For a CA of your own, --ca FILE trusts it';
  return finding('untrusted', message, { index, hint });
}

/**
 * Whether every issuer of the path may issue what stands below it. Of several faults OpenSSL tells the last, so that an
 * expired certificate would hide that a server's certificate has signed it (RFC 5280, 6.1.4).
 */
function mayIssue({ elements }: CertificationPath): boolean {
  return elements.slice(1).every(({ certificate: { der, pathLength, extendedKeyUsage: usage } }, below) => {
    if (pathLength !== undefined && below > pathLength) return false;
    if (usage?.every((each) => each !== 'serverAuth' && each !== 'anyExtendedKeyUsage') === true) return false;
    // The basic constraints and the key usage, as OpenSSL reads them; it has read them for the handshake.
    return new X509Certificate(der).ca;
  });
}

function refused(found: Finding): TrustJudgement {
  return { trusted: false, findings: [found] };
}
