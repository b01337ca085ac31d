import { expect, test } from 'vitest';
import { contentKind } from '../../../../src/lib/tls/target/content-kind.ts';

const kinds: [name: string, content: string | Buffer, kind: string][] = [
  ['a host', 'example.com\n', 'lines'],
  ['nothing', '', 'lines'],
  ['an IPv6 address in brackets', '[2001:db8::1]:443\n', 'lines'],
  ['an IPv6 address behind a byte order mark', '\uFEFF[::1]\n', 'lines'],
  ['a comment about PEM', '# not a -----BEGIN CERTIFICATE-----\nexample.com', 'lines'],
  ['latin1', Buffer.from('# Büro\nexample.com\n', 'latin1'), 'lines'],
  ['UTF-16', Buffer.from('\uFEFFexample.com\n', 'utf16le'), 'lines'],
  ['PEM', '-----BEGIN CERTIFICATE-----\nMIIB\n', 'certificates'],
  ['PEM behind a byte order mark', '\uFEFF-----BEGIN CERTIFICATE-----\n', 'certificates'],
  [
    'PEM behind what openssl prints',
    'subject=CN = a\r\nissuer=CN = b\r\n  -----BEGIN CERTIFICATE-----',
    'certificates',
  ],
  ['PEM far behind', `${'# text\n'.repeat(10_000)}-----BEGIN CERTIFICATE-----\n`, 'certificates'],
  ['DER', Buffer.from('3082010a30820106a003020102', 'hex'), 'certificates'],
  ['PKCS#12', Buffer.from('30820a1e020103308209e4', 'hex'), 'certificates'],
  ['JKS', Buffer.from('feedfeed0000000200000001', 'hex'), 'certificates'],
  ['PEM in UTF-16', Buffer.from('\uFEFF# a\r\n-----BEGIN CERTIFICATE-----\r\n', 'utf16le'), 'certificates'],
  ['what kubectl prints, in UTF-16', Buffer.from('\uFEFF{"kind":"List"}', 'utf16le'), 'kubernetes'],
  ['UTF-16 without its mark', Buffer.from('example.com', 'utf16le'), 'certificates'],
  ['what kubectl prints', '{\n  "apiVersion": "v1",', 'kubernetes'],
  ['JSON behind white space', '\uFEFF \r\n{"kind":"List"}', 'kubernetes'],
  ['a list of JSON', '[\n {"kind":"Secret"}]', 'kubernetes'],
  ['an empty list of JSON', '[]\n', 'kubernetes'],
  ['JSON with PEM in it', '{"a":"\n-----BEGIN CERTIFICATE-----\n"}', 'kubernetes'],
];

test.each(kinds)('%s', (_name, content, kind) => {
  expect(contentKind(Buffer.from(content as string))).toBe(kind);
});

test('20 MB of what is nearly PEM are looked through once', () => {
  const started = performance.now();
  expect(contentKind(Buffer.alloc(20_000_000, 'x -----BEGIN '))).toBe('lines');
  expect(performance.now() - started).toBeLessThan(4000);
});
