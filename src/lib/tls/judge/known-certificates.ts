import type { CertificateFacts } from '../certificate-check.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { parseCertificate } from '../certificate/parse-certificate.ts';
import { certificateFacts } from './certificate-facts.ts';

/** Reads certificates and makes their facts, those of authorities once: a few of them have issued all the others. */
export interface KnownCertificates {
  /** Throws MalformedCertificate. */
  read(der: Buffer): Certificate;
  facts(certificate: Certificate, source: CertificateFacts['source'], onPath: boolean): CertificateFacts;
}

/** More than this many authorities are read again. */
const mostAuthorities = 2000;

export function createKnownCertificates(): KnownCertificates {
  const authorities = new Map<string, Certificate>();
  const madeFacts = new WeakMap<Certificate, CertificateFacts>();
  return {
    read(der) {
      const key = der.toString('latin1');
      const known = authorities.get(key);
      if (known !== undefined) return known;
      const certificate = parseCertificate(der);
      if (certificate.isAuthority && authorities.size < mostAuthorities) authorities.set(key, certificate);
      return certificate;
    },
    facts(certificate, source, onPath) {
      const known = madeFacts.get(certificate);
      if (known?.source === source && known.on_path === onPath) return known;
      const facts = certificateFacts(certificate, source, onPath);
      if (certificate.isAuthority) madeFacts.set(certificate, facts);
      return facts;
    },
  };
}
