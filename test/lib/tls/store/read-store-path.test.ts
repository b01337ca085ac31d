import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStorePath } from '../../../../src/lib/tls/store/read-store-path.ts';
import type { StoredCertificates } from '../../../../src/lib/tls/store/stored-certificates.ts';
import { requireProgram } from '../../../support/services.ts';
import { openWorkshop } from './made-certificates.ts';
import type { Workshop } from './made-certificates.ts';

const openssl = requireProgram('openssl', 'files of certificates are not read');
const isRoot = process.getuid?.() === 0;

describe.skipIf(openssl === undefined)('a path', () => {
  let workshop: Workshop;
  const at = (...names: string[]): string => [workshop.folder, ...names].join('/');

  beforeAll(() => {
    workshop = openWorkshop();
    for (const name of ['one', 'two']) workshop.certificate(name);
  });
  afterAll(() => workshop[Symbol.dispose]());

  const read = async (path: string, signal = new AbortController().signal): Promise<StoredCertificates[]> => {
    const stored: StoredCertificates[] = [];
    for await (const entry of readStorePath(path, { passwords: [], signal, timeoutSeconds: 5 })) stored.push(entry);
    return stored;
  };
  /** Every record on a line: path without the folder, names or the code of the problem. */
  const summary = (stored: readonly StoredCertificates[]): string[] =>
    stored.map(({ subject, certificates, problem }) => {
      const names = certificates.map((certificate) => certificate.subject.text).join(' ');
      return `${subject.replace(`${workshop.folder}/`, '')}: ${[names, problem?.code].filter(Boolean).join(' ')}`;
    });
  /** A folder with files; what is given as `-> target` is a link. */
  const makeFolder = (folder: string, files: Record<string, string>): void => {
    for (const [name, content] of Object.entries(files)) {
      const path = at(folder, name);
      mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
      if (content.startsWith('-> ')) symlinkSync(content.slice(3), path);
      else if (content.startsWith('copy ')) copyFileSync(at(content.slice(5)), path);
      else writeFileSync(path, content);
    }
  };

  test('of a file gives one record under the path that was typed', async () => {
    expect(summary(await read(at('one.pem')))).toEqual(['one.pem: CN=one']);
    expect((await read(at('one.pem')))[0]!.format).toBe('pem');
  });

  test('of a file with a key says so, because it was asked for', async () => {
    expect(summary(await read(at('one.key')))).toEqual(['one.key: no-certificate']);
  });

  test.for([
    ['missing.pem', 'not-found', 'does not exist'],
    ['one.pem/below', 'not-found', 'does not exist'],
    ['with%00zero', 'not-found', 'is no possible path'],
  ] as const)('that leads nowhere (%s) is a problem', async ([encoded, code, message]) => {
    const name = decodeURIComponent(encoded);
    expect((await read(at(name)))[0]).toMatchObject({
      subject: at(name),
      certificates: [],
      problem: { code, message },
    });
  });

  test('of a named pipe, a device or a socket is a problem, at once', async () => {
    execFileSync('mkfifo', [at('pipe.pem')]);
    const server = createServer().listen(at('socket.pem'));
    await once(server, 'listening');
    const started = performance.now();
    for (const path of [at('pipe.pem'), '/dev/null', at('socket.pem')]) {
      const problem = { code: 'unreadable', message: 'is no regular file' };
      expect((await read(path))[0]).toMatchObject({ certificates: [], problem });
    }
    expect(performance.now() - started).toBeLessThan(1000);
    server.close();
  });

  test('of a huge file is a problem that says how large it is', async () => {
    writeFileSync(at('huge.pem'), '');
    truncateSync(at('huge.pem'), 3 * 1024 ** 3);
    const [stored] = await read(at('huge.pem'));
    expect(stored!.problem).toMatchObject({ code: 'unreadable', message: expect.stringMatching(/^is 3.00 GiB large/) });
    truncateSync(at('huge.pem'), 64 * 1024 ** 2);
    expect((await read(at('huge.pem')))[0]!.problem?.code).toBe('malformed');
    truncateSync(at('huge.pem'), 0);
  });

  test('of an empty file is a problem', async () => {
    writeFileSync(at('empty.pem'), '');
    expect((await read(at('empty.pem')))[0]!.problem).toEqual({ code: 'malformed', message: 'is empty' });
  });

  test('of a folder gives its certificates by path and passes over keys, requests and other files', async () => {
    makeFolder('plain', {
      'z.pem': 'copy one.pem',
      'a/b.crt': 'copy two.pem',
      'a/cert': readFileSync(at('one.pem'), 'utf8'),
      'a/key': readFileSync(at('one.key'), 'utf8'),
      'a/privkey.pem': 'copy one.key',
      README: 'about -----BEGIN CERTIFICATE-----',
      LICENSE: '',
      'notes.txt': readFileSync(at('one.pem'), 'utf8'),
      'broken.pem': '-----BEGIN CERTIFICATE-----\n',
      'empty.crt': '',
    });
    expect(summary(await read(at('plain')))).toEqual([
      'plain/a/b.crt: CN=two',
      'plain/a/cert: CN=one',
      'plain/broken.pem: malformed',
      'plain/empty.crt: malformed',
      'plain/z.pem: CN=one',
    ]);
  });

  test('of a folder like that of certbot follows its links, and reads each real file once', async () => {
    makeFolder('letsencrypt', {
      'archive/example.com/cert1.pem': 'copy one.pem',
      'archive/example.com/cert2.pem': 'copy two.pem',
      'archive/example.com/privkey2.pem': 'copy two.key',
      'live/README': 'This directory contains your keys and certificates.',
      'live/example.com/cert.pem': '-> ../../archive/example.com/cert2.pem',
      'live/example.com/fullchain.pem': '-> ../../archive/example.com/cert2.pem',
      'live/example.com/privkey.pem': '-> ../../archive/example.com/privkey2.pem',
      'live/example.com/README': 'see the other one',
    });
    expect(summary(await read(at('letsencrypt/live')))).toEqual(['letsencrypt/live/example.com/cert.pem: CN=two']);
    linkSync(at('letsencrypt/archive/example.com/cert1.pem'), at('letsencrypt/archive/example.com/again.pem'));
    expect(summary(await read(at('letsencrypt')))).toEqual([
      'letsencrypt/archive/example.com/again.pem: CN=one',
      'letsencrypt/archive/example.com/cert2.pem: CN=two',
    ]);
  });

  test('of a folder that Kubernetes mounts names the files as everybody knows them', async () => {
    makeFolder('mounted', {
      '..2026_11_20/tls.crt': 'copy one.pem',
      '..data': '-> ..2026_11_20',
      'tls.crt': '-> ..data/tls.crt',
    });
    expect(summary(await read(at('mounted')))).toEqual(['mounted/tls.crt: CN=one']);
  });

  test('of a folder with links that go round in circles ends', async () => {
    makeFolder('loop', {
      'one.pem': 'copy one.pem',
      'deeper/up': '-> ..',
      'deeper/self': '-> .',
      'me.pem': '-> me.pem',
      'gone.crt': '-> nowhere',
    });
    expect(summary(await read(at('loop')))).toEqual([
      'loop/gone.crt: not-found',
      'loop/me.pem: unreadable',
      'loop/one.pem: CN=one',
    ]);
  });

  test('of a folder that is deeper than any real one ends', async () => {
    makeFolder('deep', { [`${'x/'.repeat(40)}one.pem`]: 'copy one.pem' });
    const stored = await read(at('deep'));
    expect(stored).toHaveLength(1);
    expect(stored[0]!.problem).toEqual({ code: 'unreadable', message: 'is too deep in the folder' });
  });

  test('of a folder without certificates is one problem', async () => {
    makeFolder('barren', { 'privkey.pem': 'copy one.key', 'notes.txt': '' });
    const [stored, ...others] = await read(at('barren'));
    expect(others).toEqual([]);
    expect(stored).toMatchObject({ subject: at('barren'), certificates: [], problem: { code: 'no-certificate' } });
    expect(stored!.problem?.hint).toContain('.pem');
  });

  test('that we may not read is a problem, and so is such a file or folder in a folder', async () => {
    makeFolder('closed', { 'one.pem': 'copy one.pem', 'shut/two.pem': 'copy two.pem' });
    // Not even root may read this one; a folder that root may not read is not to be had.
    symlinkSync('/proc/sys/vm/drop_caches', at('closed/shut.crt'));
    execFileSync('chmod', [isRoot ? '700' : '000', at('closed/shut')]);
    const stored = await read(at('closed'));
    execFileSync('chmod', ['700', at('closed/shut')]);
    const folder = isRoot ? 'closed/shut/two.pem: CN=two' : 'closed/shut: unreadable';
    expect(summary(stored).toSorted()).toEqual(
      ['closed/one.pem: CN=one', folder, 'closed/shut.crt: unreadable'].toSorted(),
    );
    const shut = stored.find(({ subject }) => subject.endsWith('shut.crt'));
    expect(shut!.problem?.message).toBe('cannot be read: permission denied');
    expect((await read(at('closed/shut.crt')))[0]!.problem?.code).toBe('unreadable');
  });

  test('is not looked at any further when the run ends', async () => {
    const signal = AbortSignal.abort(new Error('the run ended'));
    await expect(read(at('one.pem'), signal)).rejects.toThrow('the run ended');
    await expect(read(at('plain'), signal)).rejects.toThrow('the run ended');
  });
});
