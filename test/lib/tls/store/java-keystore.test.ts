import { copyFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStore } from '../../../../src/lib/tls/store/read-store.ts';
import type { StoredCertificates } from '../../../../src/lib/tls/store/stored-certificates.ts';
import { requireProgram } from '../../../support/services.ts';
import { openWorkshop } from './made-certificates.ts';
import type { Workshop } from './made-certificates.ts';

const why = 'the keystores of Java are not read as its own tool makes them';
const isMissing = [requireProgram('openssl', why), requireProgram('keytool', why)].includes(undefined);

const read = (bytes: Buffer, ...passwords: string[]): Promise<StoredCertificates> =>
  readStore(bytes, 'a keystore', passwords);
const names = ({ certificates }: StoredCertificates): string[] =>
  certificates.map(({ subject }) => subject.text).toSorted();

describe.skipIf(isMissing)('a keystore of Java', () => {
  let workshop: Workshop;

  beforeAll(async () => {
    workshop = openWorkshop();
    workshop.certificate('authority');
    workshop.certificate('server', 'authority');
    workshop.certificate('other');
    const chain = Buffer.concat([workshop.read('server.pem'), workshop.read('authority.pem')]);
    writeFileSync(workshop.path('chain.pem'), chain);
    const key = ['-in', 'chain.pem', '-inkey', 'server.key', '-name', 'server'];
    workshop.openssl('pkcs12', '-export', ...key, '-out', 'source.p12', '-passout', 'pass:secret');
    copyFileSync(workshop.path('source.p12'), workshop.path('keys.p12'));
    const { keytool } = workshop;
    const convert = (type: string): Promise<unknown> => {
      const from = ['-srckeystore', 'source.p12', '-srcstorepass', 'secret'];
      const to = ['-destkeystore', `keys.${type}`, '-deststoretype', type, '-deststorepass', 'secret'];
      return keytool('-importkeystore', ...from, ...to);
    };
    const trust = ['-importcert', '-noprompt', '-alias', 'other', '-file', 'other.pem'];
    const secretKey = ['-genseckey', '-alias', 'a', '-keyalg', 'AES', '-keysize', '128', '-storepass', 'secret'];
    await Promise.all([
      convert('jks').then(() => keytool(...trust, '-keystore', 'keys.jks', '-storepass', 'secret')),
      convert('jceks'),
      keytool(...trust, '-keystore', 'trust.p12', '-storepass', 'changeit'),
      keytool(...secretKey, '-keystore', 'keys.p12'),
      keytool(...secretKey, '-storetype', 'JCEKS', '-keypass', 'secret', '-keystore', 'secret.jceks'),
    ]);
  }, 60_000);
  afterAll(() => workshop[Symbol.dispose]());

  test('as JKS gives chains and trusted certificates without a password', async () => {
    const stored = await read(workshop.read('keys.jks'));
    expect(stored).toMatchObject({ subject: 'a keystore', format: 'jks' });
    expect(stored.problem).toBeUndefined();
    expect(names(stored)).toEqual(['CN=authority', 'CN=other', 'CN=server']);
    const server = stored.certificates.find(({ subject }) => subject.text === 'CN=server')!;
    expect(server.der).toEqual(workshop.openssl('x509', '-in', 'server.pem', '-outform', 'DER'));
  });

  test('as JCEKS gives them likewise', async () => {
    expect(names(await read(workshop.read('keys.jceks')))).toEqual(['CN=authority', 'CN=server']);
  });

  test('as JCEKS with a secret key gives what stands in front of that, and says so', async () => {
    const only = workshop.read('secret.jceks');
    expect(await read(only)).toMatchObject({ certificates: [], problem: { code: 'no-certificate' } });
    const keys = workshop.read('keys.jceks');
    // Header, then the entries of one store and those of the other, without their digests.
    const joined = Buffer.concat([keys.subarray(0, -20), only.subarray(12, -20), keys.subarray(12)]);
    joined.writeUInt32BE(3, 8);
    const stored = await read(joined);
    expect(names(stored)).toEqual(['CN=authority', 'CN=server']);
    expect(stored.problem).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('entry 2 of 3 is a secret key'),
    });
  });

  test('as PKCS#12, with a secret key among its entries, is opened with its password', async () => {
    const stored = await read(workshop.read('keys.p12'), 'secret');
    expect(stored).toMatchObject({ format: 'pkcs12' });
    expect(stored.problem).toBeUndefined();
    expect(names(stored)).toEqual(['CN=authority', 'CN=server']);
  });

  test('as PKCS#12 with trusted certificates only needs no password when that is the usual one', async () => {
    expect(names(await read(workshop.read('trust.p12')))).toEqual(['CN=other']);
  });

  test('that is cut off anywhere gives what is whole, and says so', async () => {
    const whole = workshop.read('keys.jks');
    for (let length = 4; length < whole.length; length++) {
      const { certificates, problem } = await read(whole.subarray(0, length));
      expect(problem?.code).toBe('malformed');
      expect(certificates.length).toBeLessThanOrEqual(3);
    }
    expect((await read(Buffer.concat([whole, Buffer.alloc(1)]))).problem?.code).toBe('malformed');
  });

  test('that is damaged in any way is a record and never more', async () => {
    const whole = workshop.read('keys.jks');
    const next = numbers(20_261_120);
    for (let round = 0; round < 5000; round++) {
      const damaged = Buffer.from(whole);
      for (let count = 1 + (next() % 4); count > 0; count--)
        damaged[4 + (next() % (damaged.length - 4))] = next() & 0xff;
      const { format, certificates } = await read(damaged);
      expect(format).toBe('jks');
      expect(certificates.length).toBeLessThanOrEqual(3);
    }
  });

  test('of version 1, which does not say the type of a certificate, is read', async () => {
    const der = workshop.openssl('x509', '-in', 'server.pem', '-outform', 'DER');
    const trusted = [number(2), text('alias'), Buffer.alloc(8), number(der.length), der];
    const key = [
      number(1),
      text('key'),
      Buffer.alloc(8),
      number(3),
      Buffer.from('key'),
      number(1),
      number(der.length),
      der,
    ];
    const store = Buffer.concat([number(0xfeedfeed), number(1), number(2), ...trusted, ...key, Buffer.alloc(20)]);
    const stored = await read(store);
    expect(stored.problem).toBeUndefined();
    expect(names(stored)).toEqual(['CN=server', 'CN=server']);
  });
});

describe('a hostile keystore of Java', () => {
  const header = [number(0xfeedfeed), number(2)];

  test.for([
    ['with 4 thousand million entries', [...header, number(0xffffffff)], 'ends too early'],
    ['of version 3', [number(0xfeedfeed), number(3), number(0)], 'unknown version 3'],
    ['with an entry of kind 9', [...header, number(1), number(9)], 'unknown kind 9'],
    [
      'with a key of 4 GiB',
      [...header, number(1), number(1), text('a'), Buffer.alloc(8), number(0xffffffff)],
      'too early',
    ],
    [
      'with an endless chain of nothing',
      [
        ...header,
        number(1),
        number(1),
        text('a'),
        Buffer.alloc(8),
        number(0),
        number(0xffffffff),
        Buffer.alloc(600_000),
      ],
      'holds more than 10000 certificates',
    ],
  ] as const)('%s is a problem', async ([, parts, words]) => {
    const started = performance.now();
    const { certificates, problem } = await read(Buffer.concat(parts));
    expect(certificates).toEqual([]);
    expect(problem?.code).toBe('malformed');
    expect(problem?.message).toContain(words);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('with no entries has no certificate', async () => {
    const stored = await read(Buffer.concat([...header, number(0), Buffer.alloc(20)]));
    expect(stored).toMatchObject({ format: 'jks', certificates: [], problem: { code: 'no-certificate' } });
  });
});

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
}

/** The same numbers in every run (a linear congruential generator, whose upper bits are the good ones). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
