import { X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { SocketAddress, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { Certificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { parseCertificate } from '../../../../src/lib/tls/certificate/parse-certificate.ts';
import { sha256Of } from '../../../../src/lib/tls/certificate/sha256-of.ts';
import { certificateBytes, element, extension, integer, sequence } from './certificate-bytes.ts';
import { inFolder, openssl, run, selfSigned, shown, text } from './openssl.ts';

const p256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** All that node:crypto can say about a certificate, in our words. */
function seenByNode(x509: X509Certificate) {
  const { publicKey: key } = x509;
  return {
    notBefore: x509.validFromDate.getTime() / 1000,
    notAfter: x509.validToDate.getTime() / 1000,
    // OpenSSL itself prints whole bytes; only node:crypto has a single digit for zero.
    serial: x509.serialNumber === '0' ? '00' : x509.serialNumber,
    sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    isAuthority: x509.ca,
    key: { algorithm: key.asymmetricKeyType, ...keySize(key) },
  };
}

function keySize({ asymmetricKeyDetails: details }: KeyObject) {
  return { bits: details?.modulusLength, curve: details?.namedCurve };
}

/** The same of ours. Of an elliptic curve node:crypto knows the name alone. */
function seenByUs(certificate: Certificate) {
  const { notBefore, notAfter, serial, isAuthority, key } = certificate;
  const bits = key.algorithm === 'ec' ? undefined : key.bits;
  return { notBefore, notAfter, serial, isAuthority, sha256: sha256Of(certificate), key: { ...key, bits } };
}

function shownByUs({ subject, issuer, serial, notBefore, notAfter }: Certificate) {
  return { subject: subject.text, issuer: issuer.text, serial, notBefore, notAfter };
}

function printedAlgorithm(der: Buffer): string | undefined {
  return /Signature Algorithm: (\S*)/.exec(text(der))?.[1];
}

describe.skipIf(openssl === undefined)('a certificate that openssl made', () => {
  test.each([
    ['rsa', ['-newkey', 'rsa:2048'], ['-sha256'], 'sha256WithRSAEncryption', 2048],
    ['rsa', ['-newkey', 'rsa:1024'], ['-sha1'], 'sha1WithRSAEncryption', 1024],
    ['rsa', ['-newkey', 'rsa:1024'], ['-md5'], 'md5WithRSAEncryption', 1024],
    ['rsa', ['-newkey', 'rsa:1030'], ['-sha512'], 'sha512WithRSAEncryption', 1030],
    ['ec', p256, ['-sha256'], 'ecdsa-with-SHA256', 256],
    ['ec', p256, ['-sha1'], 'ecdsa-with-SHA1', 256],
    ['ec', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], ['-sha384'], 'ecdsa-with-SHA384', 384],
    ['ec', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521'], ['-sha512'], 'ecdsa-with-SHA512', 521],
    ['ec', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp224r1'], ['-sha224'], 'ecdsa-with-SHA224', 224],
    ['ed25519', ['-newkey', 'ed25519'], [], 'ED25519', undefined],
    ['ed448', ['-newkey', 'ed448'], [], 'ED448', undefined],
  ])('with a key of %s (%j %j) reads the same here, there and in node:crypto', (algorithm, key, args, name, bits) => {
    const der = selfSigned({ key, args });
    const certificate = parseCertificate(der);
    expect(certificate.key).toMatchObject({ algorithm, bits });
    expect(certificate.signatureAlgorithm).toBe(name);
    expect(printedAlgorithm(der)).toBe(name);
    expect(seenByUs(certificate)).toEqual(seenByNode(new X509Certificate(der)));
    expect(shownByUs(certificate)).toEqual(shown(der));
    expect(certificate.der).toBe(der);
  });

  test.each(['sha1', 'sha256', 'sha384', 'sha512'])('signed with RSA-PSS over %s has the hash in the name', (hash) => {
    const key = ['-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:1024'];
    const der = selfSigned({ key, args: [`-${hash}`, '-sigopt', 'rsa_pss_saltlen:20'] });
    const certificate = parseCertificate(der);
    expect(certificate.signatureAlgorithm).toBe(`rsassaPss-${hash}`);
    expect(printedAlgorithm(der)).toBe('rsassaPss');
    expect(seenByUs(certificate)).toEqual(seenByNode(new X509Certificate(der)));
    expect(certificate.key).toEqual({ algorithm: 'rsa-pss', bits: 1024, curve: undefined });
  });

  test('with a DSA key has the bits of its prime', () => {
    const der = inFolder((folder) => {
      const parameters = join(folder, 'parameters');
      run(['genpkey', '-genparam', '-algorithm', 'DSA', '-pkeyopt', 'dsa_paramgen_bits:1024', '-out', parameters]);
      return selfSigned({ key: ['-newkey', `dsa:${parameters}`], args: ['-sha256'] });
    });
    const certificate = parseCertificate(der);
    expect(seenByUs(certificate)).toEqual(seenByNode(new X509Certificate(der)));
    expect(certificate.key).toEqual({ algorithm: 'dsa', bits: 1024, curve: undefined });
    expect(certificate.signatureAlgorithm).toBe(printedAlgorithm(der));
  });

  test('has a curve that is written out instead of named: bits without a name', () => {
    const der = selfSigned({ key: [...p256, '-pkeyopt', 'ec_param_enc:explicit'] });
    expect(text(der)).toContain('Field Type: prime-field');
    expect(parseCertificate(der).key).toEqual({ algorithm: 'ec', bits: 256, curve: undefined });
  });

  test('has names of each kind, usages, key identifiers and constraints', () => {
    const names = 'DNS:*.example.com,DNS:xn--bcher-kva.example,IP:192.0.2.1,IP:2001:db8::1,IP:::1,IP:::ffff:192.0.2.7';
    const others = 'email:info@example.com,URI:spiffe://example.com/a?b=c,RID:1.2.3,otherName:1.2.3.4;UTF8:x';
    const der = selfSigned({
      key: p256,
      extensions: [
        `subjectAltName = ${names},${others}`,
        'basicConstraints = critical,CA:TRUE,pathlen:3',
        'extendedKeyUsage = serverAuth,clientAuth,1.2.3.4',
        'subjectKeyIdentifier = hash',
        'authorityKeyIdentifier = keyid:always',
        'keyUsage = critical,keyCertSign',
        'nsComment = nobody reads this',
      ],
    });
    const certificate = parseCertificate(der);
    expect(certificate).toMatchObject({
      alternativeNames: {
        dns: ['*.example.com', 'xn--bcher-kva.example'],
        ip: ['192.0.2.1', '2001:db8::1', '::1', '::ffff:192.0.2.7'],
        email: ['info@example.com'],
        uri: ['spiffe://example.com/a?b=c'],
      },
      isAuthority: true,
      pathLength: 3,
      extendedKeyUsage: ['serverAuth', 'clientAuth', '1.2.3.4'],
    });
    const x509 = new X509Certificate(der);
    expect(seenByUs(certificate)).toEqual(seenByNode(x509));
    const { alternativeNames } = certificate;
    expect(x509.subjectAltName!.split(', ').filter((name) => name.startsWith('DNS:'))).toEqual(
      alternativeNames!.dns.map((name) => `DNS:${name}`),
    );
    const addresses = [...x509.subjectAltName!.matchAll(/IP Address:([^,]*)/g)].map(([, address]) => address!);
    expect(alternativeNames!.ip).toEqual(
      addresses.map((address) => (isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address)),
    );
    const printed = text(der).replaceAll(':', '');
    expect(certificate.subjectKeyId).toMatch(/^[0-9a-f]{40}$/);
    expect(printed).toContain(`Subject Key Identifier \n                ${certificate.subjectKeyId!.toUpperCase()}`);
    expect(certificate.authorityKeyId).toBe(certificate.subjectKeyId);
  });
});

test('a certificate of version 1 has no names and is no authority', () => {
  const der = certificateBytes();
  const certificate = parseCertificate(der);
  expect(new X509Certificate(der).serialNumber).toBe('01');
  expect(seenByUs(certificate)).toEqual(seenByNode(new X509Certificate(der)));
  expect(certificate).toMatchObject({ alternativeNames: undefined, isAuthority: false, extendedKeyUsage: undefined });
  expect(certificate).toMatchObject({ subjectKeyId: undefined, authorityKeyId: undefined });
});

test.each([
  [integer(0), '00'],
  [integer(0x0a), '0A'],
  [integer(0, 0xff), 'FF'],
  [integer(1, 0, 0), '010000'],
  [integer(0x80), '-80'],
  [integer(0xff), '-01'],
  [integer(0xfe, 0x00), '-0200'],
])('a serial is printed in whole bytes, as openssl does: %j', (serial, expected) => {
  const der = certificateBytes({ serial });
  expect(parseCertificate(der).serial).toBe(expected);
  if (openssl !== undefined) expect(shown(der).serial).toBe(expected);
});

test('the certificate may stand in the middle of a larger buffer', () => {
  const der = certificateBytes();
  const larger = Buffer.concat([Buffer.alloc(7, 0x30), der, Buffer.alloc(7)]);
  const certificate = parseCertificate(larger.subarray(7, 7 + der.length));
  expect(certificate).toEqual(parseCertificate(der));
});

test('what a certificate has beside what is needed does no harm, however broken', () => {
  const broken = [extension('2.5.29.15', '\xff\xff\xff'), extension('1.2.3.4', ''), extension('1.2.3.4', '')];
  const optional = [element(0x81, '\0\x01'), element(0x82, '\0\x01'), element(0xa3, sequence(...broken))];
  expect(parseCertificate(certificateBytes({ optional }))).toMatchObject({ notAfter: 1_767_225_600 });
});

test('the version that some devices write wrong does not matter', () => {
  const version = element(0xa0, integer(3));
  expect(parseCertificate(certificateBytes({ version })).serial).toBe('01');
});

describe('the trusted roots', () => {
  const folder = '/etc/ssl/certs';
  const roots = [...rootCertificates, ...systemRoots(folder)].map((pem) => new X509Certificate(pem));

  test('of Node and of the system read as node:crypto reads them', () => {
    expect(roots.length).toBeGreaterThan(100);
    for (const x509 of roots) {
      const certificate = parseCertificate(x509.raw);
      expect(seenByUs(certificate)).toEqual(seenByNode(x509));
      expect(certificate.subject.text).toBe(nameSeenByNode(x509.subject));
      expect(certificate.issuer.text).toBe(nameSeenByNode(x509.issuer));
      expect(certificate.subject.key === certificate.issuer.key).toBe(x509.subject === x509.issuer);
      expect(certificate.signatureAlgorithm).toBe(x509.signatureAlgorithm ?? certificate.signatureAlgorithm);
      expect(certificate.extendedKeyUsage?.length).toBe(x509.keyUsage?.length);
    }
  });
});

/** It escapes as RFC 4514 says and has a line for each part, the first part first. */
function nameSeenByNode(lines: string): string {
  return lines.split('\n').toReversed().join(',');
}

function systemRoots(folder: string): string[] {
  try {
    const files = readdirSync(folder).filter((name) => name.endsWith('.pem'));
    return files.map((name) => readFileSync(join(folder, name), 'utf8'));
  } catch {
    return [];
  }
}
