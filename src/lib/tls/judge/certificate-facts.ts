import type { CertificateFacts } from '../certificate-check.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { sha256Of } from '../certificate/sha256-of.ts';
import { isoTime } from './iso-time.ts';

/** One certificate for the record. */
export function certificateFacts(
  certificate: Certificate,
  source: CertificateFacts['source'],
  onPath: boolean,
): CertificateFacts {
  const { subject, issuer, serial, alternativeNames, key, notBefore, notAfter, signatureAlgorithm } = certificate;
  return {
    source,
    on_path: onPath,
    subject: subject.text,
    issuer: issuer.text,
    ...(subject.commonName === undefined ? {} : { common_name: subject.commonName }),
    ...(issuer.commonName === undefined ? {} : { issuer_common_name: issuer.commonName }),
    serial,
    not_before: isoTime(notBefore),
    not_after: isoTime(notAfter),
    dns_names: alternativeNames?.dns ?? [],
    ip_addresses: alternativeNames?.ip ?? [],
    key_algorithm: key.algorithm,
    ...(key.bits === undefined ? {} : { key_bits: key.bits }),
    signature_algorithm: signatureAlgorithm,
    sha256: sha256Of(certificate),
  };
}
