import { X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MalformedCertificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { parseCertificate } from '../../../../src/lib/tls/certificate/parse-certificate.ts';
import { certificateBytes, element } from './certificate-bytes.ts';
import { inFolder, openssl, run, shown } from './openssl.ts';

const utcTime = 0x17;
const generalizedTime = 0x18;

function notAfter(tag: number, text: string): number {
  return parseCertificate(certificateBytes({ notAfter: element(tag, text) })).notAfter;
}

/** Signed by `openssl ca`, which alone of its programs takes any dates. */
function certificateOfDates(start: string, end: string): Buffer {
  return inFolder((folder) => {
    const path = (name: string) => join(folder, name);
    const lines = ['[ca]', 'default_ca = it', '[it]', `database = ${path('index')}`, `new_certs_dir = ${path('new')}`];
    const policy = ['rand_serial = yes', 'default_md = sha256', 'policy = any', '[any]', 'commonName = optional', ''];
    writeFileSync(path('settings'), [...lines, ...policy].join('\n'));
    writeFileSync(path('index'), '');
    mkdirSync(path('new'));
    run(['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path('key')]);
    run(['req', '-new', '-key', path('key'), '-subj', '/CN=example.com', '-out', path('request')]);
    const dates = ['-startdate', start, '-enddate', end];
    const files = ['-keyfile', path('key'), '-in', path('request'), '-out', path('certificate')];
    run(['ca', '-batch', '-notext', '-selfsign', '-config', path('settings'), ...files, ...dates]);
    return run(['x509', '-in', path('certificate'), '-outform', 'DER']);
  });
}

describe.skipIf(openssl === undefined)('dates that openssl wrote', () => {
  test.each([
    ['19491231235959Z', '19500101000000Z'],
    ['20491231235959Z', '20500101000000Z'],
    ['20000229120000Z', '99991231235959Z'],
  ])('%s to %s are read to the second', (start, end) => {
    const der = certificateOfDates(start, end);
    const { notBefore, notAfter: last } = parseCertificate(der);
    expect([isoDigits(notBefore), isoDigits(last)]).toEqual([start, end]);
    expect(shown(der)).toMatchObject({ notBefore, notAfter: last });
    expect(new X509Certificate(der).validToDate.getTime()).toBe(last * 1000);
  });
});

function isoDigits(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.000|[-:T]/g, '');
}

test.each([
  [utcTime, '491231235959Z', '2049-12-31T23:59:59Z'],
  [utcTime, '500101000000Z', '1950-01-01T00:00:00Z'],
  [utcTime, '991231235959Z', '1999-12-31T23:59:59Z'],
  [utcTime, '000229000000Z', '2000-02-29T00:00:00Z'],
  [utcTime, '250102030405+0130', '2025-01-02T01:34:05Z'],
  [utcTime, '250102030405-0800', '2025-01-02T11:04:05Z'],
  [generalizedTime, '20491231235959Z', '2049-12-31T23:59:59Z'],
  [generalizedTime, '00500101000000Z', '0050-01-01T00:00:00Z'],
  [generalizedTime, '00000101000000Z', '0000-01-01T00:00:00Z'],
  [generalizedTime, '99991231235959Z', '9999-12-31T23:59:59Z'],
  [generalizedTime, '20250102030405.999Z', '2025-01-02T03:04:05Z'],
  [generalizedTime, '20250102030405-0100', '2025-01-02T04:04:05Z'],
])('a time of type %d, %s, is %s', (tag, text, expected) => {
  const der = certificateBytes({ notAfter: element(tag, text) });
  expect(parseCertificate(der).notAfter).toBe(Date.parse(expected) / 1000);
  expect(new X509Certificate(der).validToDate.getTime()).toBe(Date.parse(expected));
});

// OpenSSL 3.0 reads them, 3.5 does not even read the certificate.
test.each([
  [utcTime, '2501020304Z', '2025-01-02T03:04:00Z'],
  [utcTime, '2501020304-0800', '2025-01-02T11:04:00Z'],
  [generalizedTime, '202501020304Z', '2025-01-02T03:04:00Z'],
])('a time of type %d without seconds, %s, is %s', (tag, text, expected) => {
  expect(notAfter(tag, text)).toBe(Date.parse(expected) / 1000);
});

test.each([
  [utcTime, '250102030405'],
  [utcTime, '250230000000Z'],
  [utcTime, '230229000000Z'],
  [utcTime, '251301000000Z'],
  [utcTime, '250001000000Z'],
  [utcTime, '250100000000Z'],
  [utcTime, '250101240000Z'],
  [utcTime, '250101006000Z'],
  [utcTime, '250101000060Z'],
  [utcTime, '250101000000Z '],
  [utcTime, '250101000000+1500'],
  [utcTime, '250101000000+0060'],
  [utcTime, '250101000000.5Z'],
  [utcTime, '20250101000000Z'],
  [utcTime, ''],
  [generalizedTime, '250101000000Z'],
  [generalizedTime, '2025010100Z'],
  [generalizedTime, '99991231235959-0001'],
  [generalizedTime, '00000101000000+0001'],
  [generalizedTime, `20250101000000.${'0'.repeat(100)}Z`],
  [generalizedTime, '\0'.repeat(15)],
])('a time of type %d, %j, is malformed', (tag, text) => {
  expect(() => notAfter(tag, text)).toThrow(MalformedCertificate);
  expect(() => notAfter(tag, text)).toThrow(/^the end of the validity is no time.*, at byte \d+$/);
});

test('what is no time at all is malformed', () => {
  expect(() => notAfter(0x0c, '250101000000Z')).toThrow('the end of the validity is not of the type that it must have');
});
