import { hash } from 'node:crypto';
import type { Certificate } from './certificate.ts';

/** SHA-256 of the certificate's DER in lower-case hexadecimal digits: its fingerprint, without the colons. */
export function sha256Of(certificate: Certificate): string {
  return hash('sha256', certificate.der, 'hex');
}
