import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { cipherSuiteName, cipherSuites } from '../../../../src/lib/tls/raw/cipher-suites.ts';
import { requireProgram } from '../../../support/services.ts';

const openssl = requireProgram('openssl', 'the numbers of the cipher suites are not compared with those of OpenSSL');

test.skipIf(openssl === undefined)('number, name and kind of certificate are what OpenSSL says of each suite', () => {
  const list = execFileSync(openssl!, ['ciphers', '-V', '-stdname', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], {
    encoding: 'utf8',
  });
  const keyTypes: Record<string, string> = { ECDSA: 'ec', RSA: 'rsa', DSS: 'dsa' };
  const known = new Map<string, { code: number; keyType: string | undefined }>();
  for (const line of list.split('\n')) {
    const match = /^\s*0x(..),0x(..) - (\S+).*Au=(\S+)/.exec(line);
    if (match !== null) {
      known.set(match[3]!, { code: Number.parseInt(match[1]! + match[2]!, 16), keyType: keyTypes[match[4]!] });
    }
  }
  const compared = cipherSuites.filter(({ name }) => known.has(name));
  expect(compared.map(({ name, code, keyType }) => [name, { code, keyType }])).toEqual(
    compared.map(({ name }) => [name, known.get(name)]),
  );
  // What its builds leave out: RC4, DES, 3DES and SEED.
  expect(cipherSuites.length - compared.length).toBeLessThanOrEqual(12);
});

test('no suite is offered twice, and none is of the export kind or anonymous', () => {
  expect(new Set(cipherSuites.map(({ code }) => code)).size).toBe(cipherSuites.length);
  expect(new Set(cipherSuites.map(({ name }) => name)).size).toBe(cipherSuites.length);
  expect(cipherSuites.filter(({ name }) => /EXPORT|anon|NULL|PSK/.test(name))).toEqual([]);
});

test('a suite that was not offered is told by its number', () => {
  expect(cipherSuiteName(0xc02f)).toBe('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256');
  expect(cipherSuiteName(0x0034)).toBe('0x0034');
});
