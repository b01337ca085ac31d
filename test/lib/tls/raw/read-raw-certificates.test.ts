import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handshakeReader } from '../../../../src/lib/tls/raw/handshake-reader.ts';
import { requireProgram } from '../../../support/services.ts';
import { makeCertificate, type CertificateFiles } from './certificate-files.ts';
import { startOpenSslServer, type OpenSslServer } from './openssl-server.ts';
import { probe, probeFailure } from './raw-probe.ts';

const openssl = requireProgram('openssl', 'the raw reader of certificates is not tried with a real TLS server');
const all = ['-cipher', 'ALL:@SECLEVEL=0'];

describe.skipIf(openssl === undefined)('with openssl s_server', () => {
  let folder: string;
  let rsa: CertificateFiles;
  let ec: CertificateFiles;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'raw-certificates-'));
    rsa = makeCertificate(openssl!, folder, 'rsa');
    ec = makeCertificate(openssl!, folder, 'ec');
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function serve({ certificate, key }: CertificateFiles, ...args: string[]): Promise<OpenSslServer> {
    return startOpenSslServer(openssl!, ['-cert', certificate, '-key', key, ...args]);
  }

  test.each([
    ['-tls1', 'TLSv1'],
    ['-tls1_1', 'TLSv1.1'],
    ['-tls1_2', 'TLSv1.2'],
  ])('%s: RSA, EC, Ed25519, brainpool and DSA certificates come byte for byte', async (option, version) => {
    // EdDSA needs TLS 1.2; OpenSSL serves brainpool and DSA with every version.
    const others = (['brainpool', 'dsa', 'ed25519'] as const).slice(0, version === 'TLSv1.2' ? 3 : 2);
    for (const files of [rsa, ec, ...others.map((algorithm) => makeCertificate(openssl!, folder, algorithm))]) {
      await using server = await serve(files, option, ...all);
      const answer = await probe(server.port, { servername: 'example.com' });
      expect(answer).toMatchObject({ version, certificates: [files.der], clientCertificateWanted: false });
      expect(answer.cipher).toMatch(/^TLS_/);
    }
  });

  test.each([
    ['AES128-SHA', 'TLS_RSA_WITH_AES_128_CBC_SHA'],
    ['CAMELLIA256-SHA', 'TLS_RSA_WITH_CAMELLIA_256_CBC_SHA'],
    ['DHE-RSA-AES256-GCM-SHA384', 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384'],
    ['ECDHE-RSA-CHACHA20-POLY1305', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
  ])('a server of %s only', async (cipher, name) => {
    await using server = await serve(rsa, '-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`);
    expect(await probe(server.port)).toMatchObject({ cipher: name, certificates: [rsa.der] });
  });

  test('a server with a DH group of 1024 bits, which OpenSSL 3.5 refuses', async () => {
    const parameters = join(folder, 'dh.pem');
    const group = ['-algorithm', 'DH', '-pkeyopt', 'dh_rfc5114:1'];
    execFileSync(openssl!, ['genpkey', '-genparam', ...group, '-out', parameters]);
    await using server = await serve(
      rsa,
      '-tls1_2',
      '-dhparam',
      parameters,
      '-cipher',
      'DHE-RSA-AES128-SHA:@SECLEVEL=0',
    );
    const answer = await probe(server.port);
    expect(answer).toMatchObject({ cipher: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA', certificates: [rsa.der] });
  });

  test('of two certificates the kind that was asked for comes', async () => {
    await using server = await serve(rsa, '-dcert', ec.certificate, '-dkey', ec.key, '-tls1_2', ...all);
    expect((await probe(server.port, { forKeyType: 'rsa' })).certificates).toEqual([rsa.der]);
    expect((await probe(server.port, { forKeyType: 'ec' })).certificates).toEqual([ec.der]);
  });

  test('a kind that the server does not have is a failed handshake', async () => {
    await using server = await serve(rsa, '-tls1_2', ...all);
    const failure = await probeFailure(server.port, { forKeyType: 'ec' });
    expect(failure).toMatchObject({ code: 'handshake-failed', message: expect.stringContaining('handshake_failure') });
  });

  test('the chain comes in the order in which it is sent', async () => {
    const pem = [ec, rsa, ec, ec].map(({ certificate }) => readFileSync(certificate, 'utf8'));
    const chain = join(folder, 'chain.pem');
    writeFileSync(chain, pem.join(''));
    await using server = await serve(rsa, '-cert_chain', chain, '-tls1_2', ...all);
    expect((await probe(server.port)).certificates).toEqual([rsa.der, ec.der, rsa.der, ec.der, ec.der]);
  });

  test('a certificate of 100 KB with 5,000 names, in small records, is read in full', async () => {
    const names = Array.from({ length: 5000 }, (_, index) => `DNS:host-${index}.example.com`).join(',');
    const big = makeCertificate(openssl!, folder, 'ec', ['-addext', `subjectAltName=${names}`]);
    expect(big.der.length).toBeGreaterThan(100_000);
    await using server = await serve(big, '-tls1_2', '-max_send_frag', '512', ...all);
    expect((await probe(server.port)).certificates).toEqual([big.der]);
  });

  test('a hundred and more certificates are a failure', async () => {
    const chain = join(folder, 'long-chain.pem');
    writeFileSync(chain, readFileSync(ec.certificate, 'utf8').repeat(100));
    await using server = await serve(ec, '-cert_chain', chain, '-tls1_2', ...all);
    expect(await probeFailure(server.port)).toMatchObject({
      code: 'handshake-failed',
      message: 'the server sent more than 100 certificates',
    });
  });

  test('a server that wants a client certificate gives its own, and says so', async () => {
    await using server = await serve(ec, '-tls1_2', '-Verify', '1', ...all);
    expect(await probe(server.port)).toMatchObject({ certificates: [ec.der], clientCertificateWanted: true });
  });

  test('a refused name is told; one that is only warned about is not in the way', async () => {
    const names = ['-servername', 'known.test', '-cert2', rsa.certificate, '-key2', rsa.key, '-tls1_2', ...all];
    await using fatal = await serve(ec, ...names, '-servername_fatal');
    expect(await probeFailure(fatal.port, { servername: 'other.test' })).toMatchObject({ code: 'sni-refused' });
    expect((await probe(fatal.port, { servername: 'known.test' })).certificates).toEqual([rsa.der]);
    await using warning = await serve(ec, ...names);
    expect((await probe(warning.port, { servername: 'other.test' })).certificates).toEqual([ec.der]);
  });

  test('a server of TLS 1.3 only is told as such', async () => {
    await using server = await serve(ec, '-tls1_3');
    const failure = await probeFailure(server.port);
    expect(failure).toMatchObject({ code: 'handshake-failed', message: expect.stringContaining('only TLS 1.3') });
  });

  test('a server without a certificate is told', async () => {
    const anonymous = ['-nocert', '-tls1_2', '-cipher', 'ADH:@SECLEVEL=0'];
    await using server = await startOpenSslServer(openssl!, anonymous);
    expect((await probeFailure(server.port)).message).toContain('handshake_failure');
  });

  test('wherever a recorded exchange is cut in two, the same comes out', async () => {
    await using server = await serve(rsa, '-tls1_2', '-Verify', '1', '-max_send_frag', '512', ...all);
    const chunks: Buffer[] = [];
    const whole = await probe(server.port, {}, (socket) => socket.on('data', (chunk: Buffer) => chunks.push(chunk)));
    const bytes = Buffer.concat(chunks);
    expect(whole).toMatchObject({ certificates: [rsa.der], clientCertificateWanted: true });
    const wantedFrom: boolean[] = [];
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const reader = handshakeReader();
      const answer = reader.push(bytes.subarray(0, cut)) ?? reader.push(bytes.subarray(cut));
      expect({ ...answer, clientCertificateWanted: true }).toEqual(whole);
      wantedFrom.push(answer!.clientCertificateWanted);
    }
    // False only where the cut lies between the certificate and the request.
    const first = wantedFrom.indexOf(false);
    expect(first).toBeGreaterThan(rsa.der.length);
    expect(wantedFrom.slice(wantedFrom.lastIndexOf(false) + 1)).toContain(true);
    expect(wantedFrom.slice(first, wantedFrom.lastIndexOf(false) + 1)).not.toContain(true);
  });

  test("Node's own server understands the name, also with TLS 1.0", async () => {
    const names: string[] = [];
    const server = createServer({
      key: readFileSync(rsa.key),
      cert: readFileSync(rsa.certificate),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1',
      ciphers: 'ALL:@SECLEVEL=0',
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example.com`;
    try {
      for (const servername of ['example.com', long, '127.0.0.1']) {
        const answer = await probe(port, { servername });
        expect(answer).toMatchObject({ version: 'TLSv1', certificates: [rsa.der] });
      }
    } finally {
      server.close();
    }
    expect(names).toEqual(['example.com', long]);
  });
});
