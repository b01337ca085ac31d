import type { Certificate } from '../certificate/certificate.ts';

/** How a certificate is called in a message. */
export function nameOf({ subject }: Certificate): string {
  return `'${subject.commonName ?? subject.text}'`;
}
