import { MalformedCertificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { parseCertificate } from '../../../../src/lib/tls/certificate/parse-certificate.ts';
import {
  certificateBytes,
  commonName,
  element,
  extension,
  integer,
  nameSet,
  objectIdentifier,
  sequence,
  utf8,
} from './certificate-bytes.ts';

/** Every part that the parser has a line of code for. */
export const richCertificate = certificateBytes({
  subject: sequence(
    nameSet(['2.5.4.10', element(0x1e, '\0O')], ['1.2.3.4', integer(1)]),
    nameSet([commonName, utf8('a, é ')]),
  ),
  algorithm: sequence(
    objectIdentifier('1.2.840.113549.1.1.10'),
    sequence(element(0xa0, sequence(objectIdentifier('2.16.840.1.101.3.4.2.1')))),
  ),
  notAfter: element(0x18, '99991231235959Z'),
  extensions: [
    extension('2.5.29.14', element(4, 'subject')),
    extension('2.5.29.35', sequence(element(0x80, 'issuer'))),
    extension('2.5.29.19', sequence(element(1, '\xff'), integer(1))),
    extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'), objectIdentifier('1.2.3.4'))),
    extension('2.5.29.17', sequence(element(0x82, 'a.example'), element(0x87, '\x7f\0\0\x01'), element(0x86, 'u:'))),
  ],
});

/** The message of the MalformedCertificate; undefined when the bytes can be read; fails on anything else thrown. */
export function complaint(der: Buffer): string | undefined {
  try {
    parseCertificate(der);
    return undefined;
  } catch (error) {
    if (error instanceof MalformedCertificate) return error.message;
    throw error;
  }
}
