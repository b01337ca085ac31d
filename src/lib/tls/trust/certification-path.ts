import { X509Certificate } from 'node:crypto';
import type { Certificate } from '../certificate/certificate.ts';
import type { TrustStore } from './trust-store.ts';

/** One certificate on the way from the server's own to a root. */
export interface PathElement {
  certificate: Certificate;
  /** Where it stood in what was presented; undefined when the trust store added it. */
  presentedAt: number | undefined;
}

/** Where the way from a certificate upwards leads. */
export interface CertificationPath {
  elements: readonly PathElement[];
  /**
   * `root`: to one that is trusted. `self-signed`: to one that is not. `unknown-issuer`: the issuer of the last one is
   * neither presented nor trusted.
   */
  end: 'root' | 'self-signed' | 'unknown-issuer';
}

/** Certificates that came together, ready to be searched. */
export interface Presented {
  certificates: readonly Certificate[];
  bySubject: ReadonlyMap<string, readonly PathElement[]>;
}

/** Longer than any real one; OpenSSL stops at 100. */
const longestPath = 32;
/** Of one path: a server may send thousands of certificates with one name, and each check costs a tenth of a ms. */
const mostSignatures = 100;

export function indexPresented(certificates: readonly Certificate[]): Presented {
  const bySubject = new Map<string, PathElement[]>();
  for (const [presentedAt, certificate] of certificates.entries()) {
    const known = bySubject.get(certificate.subject.key);
    if (known === undefined) bySubject.set(certificate.subject.key, [{ certificate, presentedAt }]);
    else known.push({ certificate, presentedAt });
  }
  return { certificates, bySubject };
}

/**
 * The way from one of the presented certificates upwards as OpenSSL goes it, trusted roots first
 * (X509_V_FLAG_TRUSTED_FIRST). It says which certificates count and explains a refusal; whether a chain is trusted is
 * for OpenSSL alone to decide. With `verify` every signature is checked; without it, for a chain that OpenSSL has
 * verified, names and key ids do. `now` is Unix time.
 */
export function findPath(
  presented: Presented,
  start: number,
  store: TrustStore,
  { verify, now }: { verify: boolean; now: number },
): CertificationPath {
  const isIssuedBy = issuerCheck(verify);
  const elements: PathElement[] = [{ certificate: presented.certificates[start]!, presentedAt: start }];
  const used = new Set<Certificate>();
  while (elements.length < longestPath) {
    const { certificate } = elements.at(-1)!;
    used.add(certificate);
    const issuerKey = certificate.issuer.key;
    const roots = store.find(issuerKey);
    if (roots.some((root) => root.der.equals(certificate.der))) return { elements, end: 'root' };
    const same = presented.bySubject.get(issuerKey) ?? [];
    const root = best(certificate, roots.map(asElement), now, isIssuedBy);
    if (root !== undefined) {
      const sent = same.find((element) => element.certificate.der.equals(root.certificate.der));
      elements.push(sent ?? root);
      return { elements, end: 'root' };
    }
    if (certificate.subject.key === issuerKey && isIssuedBy(certificate, certificate)) {
      return { elements, end: 'self-signed' };
    }
    const unused = same.filter((element) => !used.has(element.certificate));
    const issuer = best(certificate, unused, now, isIssuedBy);
    if (issuer === undefined) break;
    elements.push(issuer);
  }
  return { elements, end: 'unknown-issuer' };
}

function asElement(certificate: Certificate): PathElement {
  return { certificate, presentedAt: undefined };
}

type IssuerCheck = (certificate: Certificate, issuer: Certificate) => boolean;

/** Of several possible issuers the one that is valid, and of those the one that is valid longest. */
function best(
  certificate: Certificate,
  candidates: readonly PathElement[],
  now: number,
  isIssuedBy: IssuerCheck,
): PathElement | undefined {
  const isValid = ({ notBefore, notAfter }: Certificate) => (notBefore <= now && now <= notAfter ? 1 : 0);
  const order = (a: Certificate, b: Certificate) => isValid(b) - isValid(a) || b.notAfter - a.notAfter;
  return candidates
    .filter((candidate) => keyIdsAgree(certificate, candidate.certificate))
    .toSorted((a, b) => order(a.certificate, b.certificate))
    .find((candidate) => isIssuedBy(certificate, candidate.certificate));
}

function issuerCheck(verify: boolean): IssuerCheck {
  let signatures = 0;
  return (certificate, issuer) => {
    if (!keyIdsAgree(certificate, issuer)) return false;
    return !verify || (signatures++ < mostSignatures && isSignedBy(certificate, issuer));
  };
}

function keyIdsAgree({ authorityKeyId }: Certificate, { subjectKeyId }: Certificate): boolean {
  return authorityKeyId === undefined || subjectKeyId === undefined || authorityKeyId === subjectKeyId;
}

function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  try {
    return new X509Certificate(certificate.der).verify(new X509Certificate(issuer.der).publicKey);
  } catch {
    // A key of a kind that OpenSSL does not know signs nothing that could be verified.
    return false;
  }
}
