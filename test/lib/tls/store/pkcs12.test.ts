import { createHmac, pbkdf2Sync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStore } from '../../../../src/lib/tls/store/read-store.ts';
import type { StoredCertificates } from '../../../../src/lib/tls/store/stored-certificates.ts';
import { requireProgram } from '../../../support/services.ts';
import { der, derIdentifier, derNumber, openWorkshop } from './made-certificates.ts';
import type { Workshop } from './made-certificates.ts';

const openssl = requireProgram('openssl', 'PKCS#12 stores are not read');

const data = derIdentifier('2a864886f70d010701');
const hmacWithSha256 = der(0x30, derIdentifier('2a864886f70d0209'), der(0x05));

describe.skipIf(openssl === undefined)('PKCS#12', () => {
  let workshop: Workshop;

  beforeAll(() => {
    workshop = openWorkshop();
    workshop.certificate('leaf');
    workshop.certificate('chain');
  });
  afterAll(() => workshop[Symbol.dispose]());

  /** A store of the leaf with its key, and `chain` beside it, protected with `secret`. */
  const make = (...options: string[]): Buffer => {
    const password = options.includes('-passout') ? [] : ['-passout', 'pass:secret'];
    const contents = ['-in', 'leaf.pem', '-inkey', 'leaf.key', '-certfile', 'chain.pem'];
    return workshop.openssl('pkcs12', '-export', ...contents, ...password, ...options);
  };
  const read = (bytes: Buffer, ...passwords: string[]): Promise<StoredCertificates> =>
    readStore(bytes, 'a store', passwords);
  const both = ['CN=chain', 'CN=leaf'];
  const names = ({ certificates }: StoredCertificates): string[] =>
    certificates.map(({ subject }) => subject.text).toSorted();

  test.for([
    ['as OpenSSL 3 makes it', []],
    ['as OpenSSL 1 made it, with RC2 of 40 bits', ['-legacy']],
    ['with RC2 of 128 bits', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128']],
    ['with 3DES', ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['with 3DES of two keys', ['-certpbe', 'PBE-SHA1-2DES']],
    ['with AES of 128 bits', ['-certpbe', 'AES-128-CBC']],
    ['with AES of 192 bits', ['-certpbe', 'AES-192-CBC']],
    ['with a SHA-512 MAC', ['-macalg', 'sha512']],
    ['with a SHA-384 MAC', ['-macalg', 'sha384']],
    ['with a MAC of one round', ['-nomaciter']],
    ['without a MAC', ['-nomac', '-certpbe', 'AES-256-CBC']],
    ['without a MAC, legacy', ['-legacy', '-nomac', '-certpbe', 'PBE-SHA1-RC2-40']],
  ] as const)('%s is opened with its password and with no other', async ([, options]) => {
    const store = make(...options);
    const right = await read(store, 'wrong', 'secret');
    expect(right).toMatchObject({ subject: 'a store', format: 'pkcs12' });
    expect(right.problem).toBeUndefined();
    expect(names(right)).toEqual(both);
    const leaf = right.certificates.find(({ subject }) => subject.text === 'CN=leaf')!;
    expect(leaf.der).toEqual(workshop.openssl('x509', '-in', 'leaf.pem', '-outform', 'DER'));
    for (const wrong of [['wrong'], ['Secret', 'secret '], []]) {
      const stored = await read(store, ...wrong);
      expect(stored).toMatchObject({ certificates: [], problem: { code: 'wrong-password' } });
      expect(stored.problem?.hint).toContain('--password-file FILE');
    }
  });

  test.for([
    ['an empty password', ['-passout', 'pass:']],
    ['an empty password, legacy', ['-legacy', '-passout', 'pass:']],
    ['the password of Java', ['-passout', 'pass:changeit']],
  ] as const)('with %s is opened without being told', async ([, options]) => {
    expect(names(await read(make(...options)))).toEqual(both);
  });

  test('takes a password that is not ASCII', async () => {
    expect(names(await read(make('-passout', 'pass:Zoë-pâss'), 'Zoë-pâss'))).toEqual(both);
  });

  test('with certificates in clear is read without the password, but a wrong one is told', async () => {
    const store = make('-certpbe', 'NONE');
    const without = await read(store);
    expect(names(without)).toEqual(both);
    expect(without.problem).toBeUndefined();
    expect((await read(store, 'secret')).problem).toBeUndefined();
    const wrong = await read(store, 'wrong');
    expect(names(wrong)).toEqual(both);
    expect(wrong.problem?.code).toBe('wrong-password');
  });

  test('with a key only has no certificate', async () => {
    const store = workshop.openssl('pkcs12', '-export', '-nocerts', '-inkey', 'leaf.key', '-passout', 'pass:secret');
    expect(await read(store, 'secret')).toMatchObject({ certificates: [], problem: { code: 'no-certificate' } });
  });

  test('in BER with indefinite lengths and strings in pieces is read like any other', async () => {
    const { contents, mac } = takeApart(make());
    const pieces = [der(0x04, contents.subarray(0, 100)), der(0x04, contents.subarray(100))];
    const authSafe = open(0x30, data, open(0xa0, open(0x24, ...pieces)));
    const store = open(0x30, derNumber(3), authSafe, mac);
    // Whether it is a store at all says openssl.
    writeFileSync(workshop.path('ber.p12'), store);
    workshop.openssl('pkcs12', '-in', 'ber.p12', '-passin', 'pass:secret', '-nokeys');
    expect(names(await read(store, 'secret'))).toEqual(both);
  });

  /** The same store with a MAC of RFC 9579, which openssl makes since 3.4. */
  const withPbmac1 = (store: Buffer, iterations: number): Buffer => {
    const { contents } = takeApart(store);
    const salt = Buffer.from('salt of the MAC');
    const key = pbkdf2Sync('secret', salt, Math.min(iterations, 2048), 32, 'sha256');
    const mac = createHmac('sha256', key).update(contents).digest();
    const parameters = der(0x30, der(0x04, salt), derNumber(iterations), derNumber(32), hmacWithSha256);
    const derivation = der(0x30, derIdentifier('2a864886f70d01050c'), parameters);
    const algorithm = der(0x30, derIdentifier('2a864886f70d01050e'), der(0x30, derivation, hmacWithSha256));
    const macData = der(0x30, der(0x30, algorithm, der(0x04, mac)), der(0x04, Buffer.from('unused')), derNumber(1));
    return der(0x30, derNumber(3), der(0x30, data, der(0xa0, der(0x04, contents))), macData);
  };

  test('with PBMAC1 is opened with its password and with no other', async (context) => {
    const store = withPbmac1(make(), 2048);
    expect(names(await read(store, 'secret'))).toEqual(both);
    expect((await read(store, 'wrong')).problem?.code).toBe('wrong-password');
    const [major, minor] = process.versions.openssl.split('.').map(Number);
    if (major! < 3 || (major === 3 && minor! < 4)) context.skip('the OpenSSL of this Node knows no PBMAC1 to compare');
    expect(() => createSecureContext({ pfx: store, passphrase: 'secret' })).not.toThrow();
    expect(() => createSecureContext({ pfx: store, passphrase: 'wrong' })).toThrow(/mac verify failure/i);
  });

  test('that asks for too many rounds of hashing is refused before any', async () => {
    const started = performance.now();
    for (const iterations of [10_000_001, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
      const stored = await read(withPbmac1(make(), iterations), 'secret');
      expect(stored).toMatchObject({ certificates: [], problem: { code: 'unreadable' } });
      expect(stored.problem?.message).toMatch(/^is PKCS#12 that asks for \d+ rounds of hashing/);
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('that takes long stops nothing else, and ends with the signal', async () => {
    const store = make('-iter', '300000', '-macalg', 'sha1');
    const stop = new AbortController();
    const reading = readStore(store, 'a store', ['wrong'], stop.signal);
    const started = performance.now();
    let turns = 0;
    const timer = setInterval(() => {
      turns++;
      if (turns === 10) stop.abort(new Error('the run ended'));
    }, 5);
    await expect(reading).rejects.toThrow('the run ended');
    clearInterval(timer);
    expect(performance.now() - started).toBeLessThan(1500);
  });

  test('whose encryption nobody knows says which one it is', async () => {
    const aes256 = Buffer.from('60864801650304012a', 'hex');
    const store = make('-nomac', '-certpbe', 'AES-256-CBC');
    const at = store.indexOf(aes256);
    expect(at).toBeGreaterThan(0);
    store[at + aes256.length - 1] = 0x2e;
    expect(await read(store, 'secret')).toMatchObject({
      problem: { code: 'unreadable', message: expect.stringContaining('2.16.840.1.101.3.4.1.46') },
    });
  });

  test('that is damaged anywhere is a record, and never with a wrong certificate', async () => {
    const good = make('-iter', '1', '-nomaciter');
    const ders = ['leaf', 'chain'].map((name) =>
      workshop.openssl('x509', '-in', `${name}.pem`, '-outform', 'DER').toString('hex'),
    );
    for (let index = 0; index < good.length; index += 3) {
      const store = Buffer.from(good);
      store[index]! ^= 0x55;
      const { certificates, problem } = await read(store, 'secret');
      // The version of what is encrypted, and the names of entries outside the MAC, are nothing that we look at.
      if (problem === undefined) expect(certificates).toHaveLength(2);
      for (const certificate of certificates) expect(ders).toContain(certificate.der.toString('hex'));
    }
    for (let length = 0; length < good.length; length += 7) {
      expect((await read(good.subarray(0, length), 'secret')).problem).toBeDefined();
    }
  });
});

/** What a MAC is over, and the MAC, of a store in DER. */
function takeApart(store: Buffer): { contents: Buffer; mac: Buffer } {
  const children = (bytes: Buffer): { whole: Buffer; content: Buffer }[] => {
    const found: { whole: Buffer; content: Buffer }[] = [];
    for (let offset = 0; offset < bytes.length;) {
      const first = bytes[offset + 1]!;
      const digits = first < 0x80 ? 0 : first & 0x7f;
      const length = digits === 0 ? first : bytes.readUIntBE(offset + 2, digits);
      const start = offset + 2 + digits;
      found.push({ whole: bytes.subarray(offset, start + length), content: bytes.subarray(start, start + length) });
      offset = start + length;
    }
    return found;
  };
  const [, authSafe, mac] = children(children(store)[0]!.content);
  const explicit = children(authSafe!.content)[1]!;
  return { contents: children(explicit.content)[0]!.content, mac: mac?.whole ?? Buffer.alloc(0) };
}

/** An element of indefinite length. */
function open(tag: number, ...contents: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([tag, 0x80]), ...contents, Buffer.alloc(2)]);
}
