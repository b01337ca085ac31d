import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { readClientCertificate } from '../../../src/lib/tls/client-certificate.ts';
import { keyPem, make, makeKey, pem } from './trust/made-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-client-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const key = makeKey();
const made = make({ subject: 'client.test', key });
const passphrase = 'correct horse';
const sealed = { format: 'pem', cipher: 'aes-256-cbc', passphrase } as const;
const certificateFile = file('client.pem', pem(made));
const keyFile = file('client.key', keyPem(key));
const sealedFile = file('sealed.key', key.privateKey.export({ ...sealed, type: 'pkcs8' }));
const oldSealedFile = file('old-sealed.key', key.privateKey.export({ ...sealed, type: 'sec1' }));

type Options = Partial<Parameters<typeof readClientCertificate>[0]>;

function read(options: Options = {}) {
  return readClientCertificate({ certificateFile, keyFile, passphrase: undefined, ...options });
}

function mistake(options: Options): UserError {
  try {
    read(options);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('no mistake');
}

test('a certificate and its key, in two files or in one', () => {
  expect(read()).toEqual({ certificate: pem(made), key: keyPem(key) });
  const both = pem(made) + keyPem(key);
  expect(read({ certificateFile: file('both.pem', both), keyFile: undefined })).toEqual({
    certificate: both,
    key: both,
  });
  const reversed = keyPem(key) + pem(made);
  expect(read({ certificateFile: file('reversed.pem', reversed), keyFile: undefined }).key).toBe(reversed);
});

test('a key that is encrypted, with its passphrase', () => {
  for (const path of [sealedFile, oldSealedFile]) {
    expect(read({ keyFile: path, passphrase })).toMatchObject({ certificate: pem(made), passphrase });
  }
  expect(read({ passphrase: 'for something else' })).toMatchObject({ key: keyPem(key) });
});

test('an encrypted key without its passphrase, or with a wrong one, is told of as that', () => {
  for (const path of [sealedFile, oldSealedFile]) {
    expect(mistake({ keyFile: path })).toMatchObject({
      code: 'usage',
      message: `the key in '${path}' is encrypted`,
      hints: [expect.stringContaining('--password-file')],
    });
    expect(mistake({ keyFile: path, passphrase: 'wrong' })).toMatchObject({
      message: `cannot use the key in '${path}': the passphrase does not open it`,
      hints: [expect.stringContaining('--password-file')],
    });
    expect(mistake({ keyFile: path, passphrase: '' }).message).toContain('the passphrase does not open it');
  }
});

test('a file that is not there is told of by its name', () => {
  const absent = join(folder, 'absent');
  expect(mistake({ certificateFile: absent })).toMatchObject({ code: 'not-found' });
  expect(mistake({ certificateFile: absent }).message).toContain(`'${absent}'`);
  expect(mistake({ keyFile: absent }).message).toContain(`'${absent}'`);
  expect(mistake({ keyFile: folder }).message).toContain('is a directory');
});

test.each([
  ['nothing', ''],
  ['a text', 'no certificate\n'],
  ['a key alone', keyPem(key)],
  ['a certificate that is cut off', pem(made).slice(0, 300)],
  ['bytes', Buffer.from([0, 0xff, 0x30, 0x82])],
])('a certificate file with %s in it holds none', (_, content) => {
  const path = file('wrong.pem', content);
  const { message, hints } = mistake({ certificateFile: path });
  expect(message).toContain(`'${path}' holds no certificate`);
  expect(hints[0]).toContain('PEM');
});

test('a key file without a key is told of as that, and with a hint that fits the option', () => {
  const { message, hints } = mistake({ keyFile: certificateFile });
  expect(message).toContain(`cannot use the key in '${certificateFile}': it holds no private key`);
  expect(hints[0]).toContain('--key');
  expect(mistake({ keyFile: undefined }).hints[0]).toContain('--key');
  expect(mistake({ keyFile: file('cut.key', keyPem(key).slice(0, 100)) }).message).toContain('holds no private key');
});

test('a key that belongs to another certificate is told of before any server could', () => {
  const other = file('other.key', keyPem(makeKey()));
  expect(mistake({ keyFile: other }).message).toBe(
    `the key in '${other}' does not belong to the certificate in '${certificateFile}'`,
  );
  expect(mistake({ keyFile: file('rsa.key', keyPem(makeKey('rsa'))) }).message).toContain('does not belong');
});
