import { ProbeFailure } from '../probe-failure.ts';
import { brokenHandshake } from './broken-handshake.ts';
import { cipherSuiteName } from './cipher-suites.ts';

export type RawVersion = 'SSLv3' | 'TLSv1' | 'TLSv1.1' | 'TLSv1.2';

export interface ServerHello {
  version: RawVersion;
  /** IANA's name, else the number, `0xc0ff`. */
  cipher: string;
}

const versions: Readonly<Record<number, RawVersion>> = {
  0x0300: 'SSLv3',
  0x0301: 'TLSv1',
  0x0302: 'TLSv1.1',
  0x0303: 'TLSv1.2',
};

const maximumCertificates = 100;

/**
 * Reads the body of a ServerHello (RFC 5246, 7.4.1.3). Compression and extensions are not looked at: they change
 * nothing up to the certificate.
 *
 * @throws {ProbeFailure} `handshake-failed`
 */
export function parseServerHello(body: Buffer): ServerHello {
  const sessionIdOffset = 2 + 32;
  const sessionIdLength = body[sessionIdOffset];
  const cipherOffset = sessionIdOffset + 1 + (sessionIdLength ?? 0);
  const compressionLength = 1;
  if (sessionIdLength === undefined || body.length < cipherOffset + 2 + compressionLength) {
    throw brokenHandshake(`its ServerHello ends after ${body.length} bytes`);
  }
  const version = versions[body.readUInt16BE(0)];
  if (version === undefined) {
    throw brokenHandshake(`it picked version 0x${body.toString('hex', 0, 2)}, which was not offered`);
  }
  return { version, cipher: cipherSuiteName(body.readUInt16BE(cipherOffset)) };
}

/**
 * Reads the body of a Certificate message (RFC 5246, 7.4.2): the certificates, DER, in the order in which they were
 * sent. They are parts of `body`.
 *
 * @throws {ProbeFailure} `handshake-failed`
 */
export function parseCertificateMessage(body: Buffer): Buffer[] {
  if (body.length < 3 || body.readUIntBE(0, 3) !== body.length - 3) {
    throw brokenHandshake('its list of certificates is longer or shorter than it says');
  }
  const certificates: Buffer[] = [];
  let offset = 3;
  while (offset < body.length) {
    const start = offset + 3;
    const end = start + (start > body.length ? 0 : body.readUIntBE(offset, 3));
    if (end <= start || end > body.length) {
      throw brokenHandshake(`certificate ${certificates.length + 1} of its list has an impossible length`);
    }
    if (certificates.length === maximumCertificates) {
      throw new ProbeFailure('handshake-failed', `the server sent more than ${maximumCertificates} certificates`);
    }
    certificates.push(body.subarray(start, end));
    offset = end;
  }
  if (certificates.length === 0)
    throw new ProbeFailure('handshake-failed', 'the server sent an empty list of certificates');
  return certificates;
}
