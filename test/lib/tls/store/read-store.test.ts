import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStore } from '../../../../src/lib/tls/store/read-store.ts';
import type { StoredCertificates } from '../../../../src/lib/tls/store/stored-certificates.ts';
import { requireProgram } from '../../../support/services.ts';
import { der, derIdentifier, openWorkshop } from './made-certificates.ts';
import type { Workshop } from './made-certificates.ts';

const openssl = requireProgram('openssl', 'certificates in files are not read');

describe.skipIf(openssl === undefined)('a file of certificates', () => {
  let workshop: Workshop;
  let one: string;
  let two: string;

  beforeAll(() => {
    workshop = openWorkshop();
    workshop.certificate('one');
    workshop.certificate('two');
    one = workshop.read('one.pem').toString();
    two = workshop.read('two.pem').toString();
    writeFileSync(workshop.path('rsa.key'), workshop.openssl('genrsa', '1024'));
    writeFileSync(workshop.path('index.txt'), '');
    const settings = ['database = index.txt', 'default_md = sha256', 'default_crl_days = 30'];
    writeFileSync(workshop.path('ca.conf'), ['[ca]', 'default_ca = own', '[own]', ...settings, ''].join('\n'));
  });
  afterAll(() => workshop[Symbol.dispose]());

  const read = (content: string | Buffer): Promise<StoredCertificates> => readStore(Buffer.from(content), 'a file', []);
  const names = ({ certificates }: StoredCertificates): string[] => certificates.map(({ subject }) => subject.text);

  test('in PEM gives every certificate in order, byte for byte', async () => {
    const stored = await read(one + two);
    expect(stored).toMatchObject({ subject: 'a file', format: 'pem' });
    expect(stored.problem).toBeUndefined();
    expect(names(stored)).toEqual(['CN=one', 'CN=two']);
    expect(stored.certificates[0]!.der).toEqual(workshop.openssl('x509', '-in', 'one.pem', '-outform', 'DER'));
  });

  test.for([
    ['lines that end in CRLF', (): string => (one + two).replaceAll('\n', '\r\n')],
    ['a byte order mark', (): string => `\uFEFF${one}${two}`],
    [
      'text around the blocks',
      () => `Bag Attributes\n  localKeyID: 01 \n${one}subject=/CN=two\n${two}--- the end ---\n`,
    ],
    ['indented blocks', (): string => (one + two).replaceAll(/^/gm, '    ')],
    ['a key between them', (): string => one + workshop.read('one.key').toString() + two],
    ['a certificate in a comment', (): string => `# ${one.replaceAll('\n', '\n# ')}\n${one}${two}`],
    ['no newline at the end', (): string => one + two.trimEnd()],
    ['the older label', (): string => (one + two).replaceAll(' CERTIFICATE', ' X509 CERTIFICATE')],
  ] as const)('in PEM may have %s', async ([, content]: readonly [string, () => string]) => {
    const stored = await read(content());
    expect(stored.problem).toBeUndefined();
    expect(names(stored)).toEqual(['CN=one', 'CN=two']);
  });

  test('in PEM may be UTF-16, as PowerShell writes it', async () => {
    const stored = await read(Buffer.from(`\uFEFF${one}`, 'utf16le'));
    expect(names(stored)).toEqual(['CN=one']);
  });

  test('may say what a certificate is trusted for', async () => {
    const trusted = workshop.openssl('x509', '-in', 'one.pem', '-addtrust', 'serverAuth', '-trustout');
    expect(trusted.toString()).toContain('TRUSTED CERTIFICATE');
    const stored = await read(trusted);
    expect(names(stored)).toEqual(['CN=one']);
    expect(stored.certificates[0]!.der).toEqual(workshop.openssl('x509', '-in', 'one.pem', '-outform', 'DER'));
  });

  test('with one broken block gives the others beside a problem that says which', async () => {
    const broken = '-----BEGIN CERTIFICATE-----\nMIIB!\n-----END CERTIFICATE-----\n';
    const stored = await read(one + broken + two);
    expect(names(stored)).toEqual(['CN=one', 'CN=two']);
    const line = one.split('\n').length;
    expect(stored.problem).toEqual({ code: 'malformed', message: `block 2 (line ${line}) is not Base64` });
  });

  test.for([
    ['that is cut off', (): string => two.slice(0, 200), 'has no line -----END CERTIFICATE-----'],
    [
      'without an end before the next',
      (): string => `-----BEGIN CERTIFICATE-----\nAAAA\n${one}`,
      'has no line -----END',
    ],
    ['with nothing in it', (): string => '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----', 'is empty'],
    [
      'with other DER in it',
      (): string => '-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----',
      'is broken: ',
    ],
  ] as const)('tells of a block %s', async ([, content, words]) => {
    const stored = await read(one + content());
    expect(names(stored)).toContain('CN=one');
    expect(stored.problem?.code).toBe('malformed');
    expect(stored.problem?.message).toContain('block 2 (line ');
    expect(stored.problem?.message).toContain(words);
  });

  test('joined without a newline is read, and told, because openssl stops there', async () => {
    const joined = one.trimEnd() + two;
    const stored = await read(joined);
    expect(names(stored)).toEqual(['CN=one', 'CN=two']);
    expect(stored.problem?.message).toMatch(/^block 2 \(line \d+\) begins on the line on which another one ends/);
  });

  test('counts further faults instead of listing them', async () => {
    const broken = '-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n';
    const { problem } = await read(broken.repeat(4));
    expect(problem?.message).toBe('block 1 (line 1) is not Base64 (and 3 more like it)');
  });

  test('in DER gives the certificate, and several one after another', async () => {
    const first = workshop.openssl('x509', '-in', 'one.pem', '-outform', 'DER');
    const second = workshop.openssl('x509', '-in', 'two.pem', '-outform', 'DER');
    const single = await read(first);
    expect(single).toMatchObject({ format: 'der' });
    expect(single.certificates[0]!.der).toEqual(first);
    const both = await read(Buffer.concat([first, second, Buffer.from('\n')]));
    expect(names(both)).toEqual(['CN=one', 'CN=two']);
    expect(both.problem).toBeUndefined();
    const cut = await read(Buffer.concat([first, second.subarray(0, 100)]));
    expect(names(cut)).toEqual(['CN=one']);
    expect(cut.problem).toMatchObject({
      code: 'malformed',
      message: expect.stringMatching(/^certificate 2 is broken/),
    });
  });

  test.for(['PEM', 'DER'])('in PKCS#7 as %s gives its certificates', async (form) => {
    const made = workshop.openssl(
      'crl2pkcs7',
      '-nocrl',
      '-certfile',
      'one.pem',
      '-certfile',
      'two.pem',
      '-outform',
      form,
    );
    const stored = await read(made);
    expect(stored.problem).toBeUndefined();
    expect(names(stored).toSorted()).toEqual(['CN=one', 'CN=two']);
  });

  test.for([
    ['a private key', ['pkey', '-in', 'one.key']],
    ['a private key', ['ec', '-in', 'one.key']],
    ['a private key', ['genrsa', '-traditional', '512']],
    ['an encrypted private key', ['pkcs8', '-topk8', '-in', 'one.key', '-passout', 'pass:secret']],
    ['an encrypted private key', ['ec', '-in', 'one.key', '-aes128', '-passout', 'pass:secret']],
    ['a certificate request (CSR)', ['req', '-new', '-key', 'one.key', '-subj', '/CN=request']],
    ['a public key', ['pkey', '-in', 'one.key', '-pubout']],
  ] as const)('with only %s says so', async ([what, argv]) => {
    const stored = await read(workshop.openssl(...argv));
    expect(stored).toMatchObject({ format: 'pem', certificates: [] });
    expect(stored.problem?.code).toBe('no-certificate');
    // Parameters of the curve may stand in front of the key.
    expect(stored.problem?.message).toMatch(/^holds .*and no certificate$/);
    expect(stored.problem?.message).toContain(what);
    expect(stored.problem?.hint).toBeDefined();
  });

  test.for([
    ['a private key', ['pkey', '-in', 'one.key']],
    ['a private key', ['ec', '-in', 'one.key']],
    ['a private key', ['rsa', '-in', 'rsa.key', '-traditional']],
    ['an encrypted private key', ['pkcs8', '-topk8', '-in', 'one.key', '-passout', 'pass:secret']],
    ['a certificate request (CSR)', ['req', '-new', '-key', 'one.key', '-subj', '/CN=request']],
    ['a public key', ['pkey', '-in', 'rsa.key', '-pubout']],
    ['a revocation list (CRL)', ['ca', '-gencrl', '-config', 'ca.conf', '-keyfile', 'one.key', '-cert', 'one.pem']],
  ] as const)('in DER with only %s says so', async ([what, argv]) => {
    const pem = workshop.openssl(...argv).toString();
    const blocks = [...pem.matchAll(/-----BEGIN [^-]*-----([^-]*)-----END/g)];
    const stored = await read(Buffer.from(blocks.at(-1)![1]!, 'base64'));
    expect(stored).toMatchObject({ format: 'der', certificates: [], problem: { code: 'no-certificate' } });
    expect(stored.problem?.message).toBe(`holds ${what} and no certificate`);
  });

  test('never shows a key in a message', async () => {
    const key = workshop.read('one.key').toString();
    const body = key.split('\n')[1]!;
    for (const content of [key, key.slice(0, 120), key.replaceAll('PRIVATE KEY', 'CERTIFICATE')]) {
      expect(JSON.stringify((await read(content)).problem)).not.toContain(body.slice(0, 20));
    }
  });

  test.for([
    ['nothing', Buffer.alloc(0), 'is empty'],
    ['text', Buffer.from('0123 is no certificate'), 'is neither PEM, DER, PKCS#12 nor JKS'],
    ['an image', Buffer.from('89504e470d0a1a0a', 'hex'), 'is neither PEM, DER, PKCS#12 nor JKS'],
    ['half of an element', Buffer.from('3082ffff3003', 'hex'), 'begins like a certificate and is broken'],
    ['nested elements', Buffer.alloc(100_000, Buffer.from('3080', 'hex')), 'it is nested too deep'],
    ['a length of 2^48', Buffer.from('3086ffffffffffff', 'hex'), 'begins like a certificate and is broken'],
    [
      'another PKCS#7',
      der(0x30, derIdentifier('2a864886f70d010701'), der(0xa0, Buffer.alloc(200))),
      'is broken PKCS#7',
    ],
  ] as const)('that is %s is a problem', async ([, content, words]) => {
    const stored = await read(content);
    expect(stored.certificates).toEqual([]);
    expect(stored.problem?.code).toBe('malformed');
    expect(stored.problem?.message).toContain(words);
  });

  test('takes time in proportion to its size, whatever it is full of', async () => {
    const started = performance.now();
    for (const piece of [
      '-----BEGIN ',
      '-----BEGIN CERTIFICATE-----',
      '-----BEGIN A-----\n',
      ' -----END X-----',
      '-----BEGIN A----------END A-----',
      '-',
      '\n',
      'A:\n',
    ]) {
      await read(piece.repeat(Math.ceil(2_000_000 / piece.length)));
    }
    await read(`-----BEGIN CERTIFICATE-----\n${'A: b\n'.repeat(400_000)}`);
    await read(`-----BEGIN CERTIFICATE-----\n${' '.repeat(2_000_000)}\n-----END CERTIFICATE-----`);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('ends with the certificates that can be held in memory', async () => {
    const stored = await read(one.repeat(10_050));
    expect(stored.certificates).toHaveLength(10_000);
    expect(stored.problem?.message).toContain('holds more than 10000 certificates');
  });
});
