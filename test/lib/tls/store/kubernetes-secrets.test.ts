import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { readSecrets } from '../../../../src/lib/tls/store/kubernetes-secrets.ts';
import type { StoredCertificates } from '../../../../src/lib/tls/store/stored-certificates.ts';
import { requireProgram } from '../../../support/services.ts';
import { openWorkshop } from './made-certificates.ts';
import type { Workshop } from './made-certificates.ts';

const openssl = requireProgram('openssl', 'the Secrets of Kubernetes are not read');

const read = async (document: unknown, ...passwords: string[]): Promise<StoredCertificates[]> => {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const stored: StoredCertificates[] = [];
  for await (const entry of readSecrets(text, passwords)) stored.push(entry);
  return stored;
};

function secret(name: string, type: string | undefined, data: Record<string, unknown>): Record<string, unknown> {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'web', name }, type, data };
}

const list = (...items: unknown[]): unknown => ({ apiVersion: 'v1', kind: 'List', items });
const base64 = (bytes: Buffer | string): string => Buffer.from(bytes).toString('base64');

describe.skipIf(openssl === undefined)('what kubectl prints', () => {
  let workshop: Workshop;
  let one: Buffer;
  let key: Buffer;

  beforeAll(() => {
    workshop = openWorkshop();
    workshop.certificate('one');
    one = workshop.read('one.pem');
    key = workshop.read('one.key');
  });
  afterAll(() => workshop[Symbol.dispose]());

  const tls = (data: Record<string, unknown>): unknown => secret('front', 'kubernetes.io/tls', data);
  const summary = (stored: readonly StoredCertificates[]): string[] =>
    stored.map(({ subject, certificates, problem }) => `${subject}: ${problem?.code ?? certificates.length}`);

  test('gives both certificates of a TLS Secret, and where they stand', async () => {
    const stored = await read(list(tls({ 'ca.crt': base64(one), 'tls.crt': base64(one), 'tls.key': base64(key) })));
    expect(summary(stored)).toEqual(['web/front tls.crt: 1', 'web/front ca.crt: 1']);
    expect(stored[0]).toMatchObject({ format: 'pem', secret: { namespace: 'web', name: 'front', key: 'tls.crt' } });
    expect(stored[0]!.certificates[0]!.subject.text).toBe('CN=one');
  });

  test.for([
    ['is missing', {}, 'no-certificate'],
    ['is empty', { 'tls.crt': '' }, 'no-certificate'],
    ['is not Base64', { 'tls.crt': '%%%%' }, 'malformed'],
    ['is empty', { 'tls.crt': 7 }, 'no-certificate'],
  ] as const)('tells of a TLS Secret whose certificate %s', async ([message, data, code]) => {
    const [stored, ...others] = await read(tls({ ...data, 'tls.key': base64(key), 'ca.crt': '' }));
    expect(others).toEqual([]);
    expect(stored).toMatchObject({ subject: 'web/front tls.crt', certificates: [], problem: { code, message } });
    expect(stored!.problem?.hint).toBeDefined();
  });

  test('tells of a key in the place of a certificate without showing it', async () => {
    const stored = await read(tls({ 'tls.crt': base64(key) }));
    expect(summary(stored)).toEqual(['web/front tls.crt: no-certificate']);
    expect(JSON.stringify(stored)).not.toContain(key.toString().split('\n')[1]!.slice(0, 20));
  });

  test('of other Secrets gives entries named like certificates, and those with one in them', async () => {
    const store = workshop.openssl('pkcs12', '-export', '-in', 'one.pem', '-nokeys', '-passout', 'pass:secret');
    const other = secret('other', undefined, {
      'bundle.PEM': base64(one),
      client: base64(`some text\n${one.toString()}`),
      'key.pem': base64(key),
      'later.crt': '',
      'broken.crt': base64('no certificate'),
      'store.p12': base64(store),
      password: base64('secret'),
      'wrapped.crt': base64(one).replaceAll(/.{60}/g, '$&\n'),
      'bad.crt': '%',
      bad: '%',
    });
    expect(summary(await read(list(other), 'secret'))).toEqual([
      'web/other bundle.PEM: 1',
      'web/other client: 1',
      'web/other broken.crt: malformed',
      'web/other store.p12: 1',
      'web/other wrapped.crt: 1',
      'web/other bad.crt: malformed',
    ]);
    expect(summary(await read(list(other), 'wrong'))).toContain('web/other store.p12: wrong-password');
  });

  test('passes over what has none', async () => {
    const none = secret('token', 'Opaque', { token: base64('abc'), 'id.pem': base64(key) });
    expect(await read(list(none, { kind: 'Pod' }, null, 'text', { kind: 'Secret' }))).toEqual([]);
  });

  test('may be a ConfigMap, a SecretList, a plain array or a manifest that was never applied', async () => {
    const map = {
      kind: 'ConfigMap',
      metadata: { namespace: 'kube', name: 'root' },
      data: { 'ca.crt': one.toString() },
    };
    expect(summary(await read(map))).toEqual(['kube/root ca.crt: 1']);
    const { kind: _, ...bare } = secret('front', 'kubernetes.io/tls', { 'tls.crt': base64(one) });
    expect(summary(await read({ kind: 'SecretList', items: [bare] }))).toEqual(['web/front tls.crt: 1']);
    const manifest = { kind: 'Secret', metadata: { name: 'new' }, stringData: { 'a.crt': one.toString() } };
    expect(summary(await read([manifest, [list(map)]]))).toEqual(['default/new a.crt: 1', 'kube/root ca.crt: 1']);
  });

  test('that is cut off is an error that shows nothing of it', async () => {
    const text = JSON.stringify(list(tls({ 'tls.key': base64(key) })));
    const failure = await read(text.slice(0, -30)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).hints.join()).toContain('kubectl get secret');
    expect((failure as UserError).cause).toBeUndefined();
    expect((failure as UserError).message).not.toMatch(/[A-Za-z0-9]{20}/);
  });

  test.for(['7', 'null', '{}', '{"kind":7}'])('that is %s instead is an error', async (text) => {
    await expect(read(text)).rejects.toThrow(UserError);
  });

  test('with lists in lists for ever is read no deeper than it may be', async () => {
    expect(await read(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)).toEqual([]);
  });
});
