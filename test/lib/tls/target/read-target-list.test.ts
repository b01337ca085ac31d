import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import type { StoredCertificates } from '../../../../src/lib/tls/store/stored-certificates.ts';
import { readTargetList, type TargetList } from '../../../../src/lib/tls/target/read-target-list.ts';
import { targetSubject } from '../../../../src/lib/tls/target/target-subject.ts';
import { requireProgram } from '../../../support/services.ts';

const openssl = requireProgram('openssl', 'certificates that are piped to ssl-expiry are not tested');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-list-'));
  if (openssl === undefined) return;
  const run = (...args: string[]): void => {
    execFileSync(openssl, args, { cwd: folder, stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem'];
  run('req', '-x509', ...key, '-subj', '/CN=list.example', '-days', '30', '-out', 'a.pem');
  run('x509', '-in', 'a.pem', '-outform', 'DER', '-out', 'a.der');
  run('pkcs12', '-export', '-in', 'a.pem', '-inkey', 'key.pem', '-passout', 'pass:hush', '-out', 'a.p12');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function read(content: string | Buffer, passwords: readonly string[] = []): Promise<TargetList> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const { signal } = new AbortController();
  return readTargetList(bytes, 'standard input', { isFile: () => false, passwords, signal });
}

async function stored(content: string | Buffer, passwords?: readonly string[]): Promise<StoredCertificates[]> {
  const list = await read(content, passwords);
  if (list.kind === 'stored') return list.stored;
  throw new Error('it was taken for a list of targets');
}

function file(name: string): Buffer {
  return readFileSync(join(folder, name));
}

test('lines are targets, in UTF-8 and in UTF-16', async () => {
  const text = '\uFEFF# ours\r\nbücher.example\r\n[2001:db8::1]:25\r\n./a.pem\r\n';
  const big = Buffer.from(text, 'utf16le').swap16();
  for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le'), big]) {
    const list = await read(bytes);
    expect(list.kind === 'targets' && list.targets.map(targetSubject)).toEqual([
      'xn--bcher-kva.example:443',
      'smtp://[2001:db8::1]:25',
      './a.pem',
    ]);
  }
});

test('bad lines, an empty list and other encodings are mistakes of the list as a whole', async () => {
  await expect(read('a\nb:0\n')).rejects.toThrow(/^standard input:2: 'b:0' is not a target/);
  await expect(read('')).rejects.toThrow(
    expect.objectContaining({ name: 'UserError', message: 'no target in standard input' }),
  );
  await expect(read(Buffer.from('example.com\n# Büro\n', 'latin1'))).rejects.toThrow(
    /^standard input:2:4: byte 0xfc at offset 15 is not UTF-8/,
  );
  await expect(read('apiVersion: v1\nitems:\n')).rejects.toThrow(
    expect.objectContaining({ hints: ['ask for JSON: kubectl get secret -A -o json'] }),
  );
});

test.skipIf(openssl === undefined)('certificates are told from a list by their content', async () => {
  const utf16 = Buffer.from(`\uFEFF${file('a.pem').toString()}`, 'utf16le');
  for (const bytes of [file('a.pem'), file('a.der'), file('a.p12'), utf16]) {
    const [only, ...others] = await stored(bytes, ['hush']);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ subject: 'standard input' });
    expect(only!.problem).toBeUndefined();
    expect(only!.certificates.map(({ der }) => der.equals(file('a.der')))).toEqual([true]);
  }
});

test.skipIf(openssl === undefined)('what kubectl prints is a record for each Secret', async () => {
  const secret = (name: string, crt: Buffer): unknown => ({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name, namespace: 'web' },
    data: { 'tls.crt': crt.toString('base64') },
  });
  const items = [secret('good', file('a.pem')), secret('empty', Buffer.alloc(0))];
  const [good, empty] = await stored(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  expect(good).toMatchObject({ subject: 'web/good tls.crt', format: 'pem' });
  expect(good!.certificates).toHaveLength(1);
  expect(empty!.problem?.code).toBe('no-certificate');
});

test('Secrets without a certificate are not taken for a good answer', async () => {
  await expect(read('{"apiVersion":"v1","kind":"List","items":[]}')).rejects.toThrow(
    expect.objectContaining({ message: 'no certificate in the Secrets of standard input', code: 'usage' }),
  );
  await expect(read('{"a":1}')).rejects.toThrow(UserError);
  await expect(read('{')).rejects.toThrow(UserError);
});

test('binary rubbish is a record with a problem', async () => {
  const [only] = await stored(Buffer.from([0x30, 0x82, 0, 1, 2, 3]));
  expect(only!.problem).toBeDefined();
  expect(only!.certificates).toEqual([]);
});
