import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect, createSecureContext, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireProgram } from '../services.ts';
import { startBlackhole } from './blackhole.ts';
import { smallDhParameters } from './dh-parameters.ts';
import { startNginx } from './nginx-server.ts';
import { startTlsServer } from './node-server.ts';
import { startOpensslServer } from './openssl-server.ts';
import { rawBehaviours, refusedPort, startPacketLoser, startRawServer } from './raw-server.ts';
import { startSmtpServer } from './smtp-server.ts';
import { serverPark } from './test-server.ts';
import { startUnboundServer } from './unbound-server.ts';
import { chain, openWorkshop, type Issued } from './workshop.ts';

// Each server does what its name says, told by node:tls alone: what the matrix of ssl-expiry finds is then its own doing.

const openssl = requireProgram('openssl', 'the servers of ssl-expiry are not tested');
const nginx = requireProgram('nginx', 'the servers of ssl-expiry are not tested');
const { keep, close } = serverPark();
const workshop = openWorkshop('tls-rig');
const old: ConnectionOptions = { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' };
const classic: ConnectionOptions = { ecdhCurve: 'X25519:P-256' };
const unboundAllowed: ConnectionOptions = { secureOptions: 0x4 };
let root: Issued, intermediate: Issued, leaf: Issued, rsa: Issued, weak: Issued;

interface Seen {
  end: string;
  protocol?: string | null;
  cipher?: string;
  serial?: string;
}

/** What one handshake comes to: `ok`, an error's code or `hang`. */
function handshake(port: number, options: ConnectionOptions = {}): Promise<Seen> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
    const end = (how: string) => {
      const serial = socket.getPeerX509Certificate()?.serialNumber;
      const cipher = socket.getCipher() as { name: string } | undefined;
      resolve({
        end: how,
        protocol: socket.getProtocol(),
        ...(cipher && { cipher: cipher.name }),
        ...(serial && { serial }),
      });
      socket.destroy();
    };
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.on('secureConnect', () => end('ok'));
    socket.setTimeout(400, () => end('hang'));
  });
}

describe.skipIf(openssl === undefined || nginx === undefined)('the servers', () => {
  beforeAll(async () => {
    root = await workshop.authority('Rig root');
    [intermediate, rsa, weak] = await Promise.all([
      workshop.authority('Rig intermediate', { issuer: root }),
      workshop.leaf({ names: ['rsa.test'], issuer: root, key: 'rsa:2048' }),
      workshop.leaf({ names: ['weak.test'], issuer: root, key: 'rsa:1024', digest: 'sha1' }),
    ]);
    leaf = await workshop.leaf({ names: ['leaf.test'], issuer: intermediate });
  });
  afterAll(async () => {
    await close();
    workshop.close();
  });

  test('nginx: many certificates, protocol versions and SNI in one process', async () => {
    const sent = chain(leaf, intermediate);
    const { ports } = await keep(
      startNginx(nginx!, workshop, {
        good: { leaf, sent },
        weak: { leaf: weak },
        tls1: { leaf: rsa, lines: ['ssl_protocols TLSv1;'] },
        tls11: { leaf: rsa, lines: ['ssl_protocols TLSv1.1;'] },
        tls12: { leaf, sent, lines: ['ssl_protocols TLSv1.2;'] },
        tls13: { leaf, sent, lines: ['ssl_protocols TLSv1.3;'] },
        dual: { leaf, sent, besides: [{ leaf: rsa }] },
        strict: { leaf, sent, lines: ['ssl_reject_handshake on;'] },
      }),
    );
    expect(await handshake(ports.good)).toMatchObject({ end: 'ok', protocol: 'TLSv1.3' });
    expect(await handshake(ports.weak)).toMatchObject({ end: 'ok' });
    const refused = { end: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' };
    expect(await handshake(ports.tls1)).toMatchObject(refused);
    expect(await handshake(ports.tls11)).toMatchObject(refused);
    expect(await handshake(ports.tls1, old)).toMatchObject({ end: 'ok', protocol: 'TLSv1' });
    expect(await handshake(ports.tls11, old)).toMatchObject({ end: 'ok', protocol: 'TLSv1.1' });
    expect(await handshake(ports.tls12)).toMatchObject({ end: 'ok', protocol: 'TLSv1.2' });
    expect(await handshake(ports.tls13)).toMatchObject({ end: 'ok', protocol: 'TLSv1.3' });
    const serials = await Promise.all([
      handshake(ports.dual),
      handshake(ports.dual, { sigalgs: 'RSA-PSS+SHA256:RSA+SHA256' }),
    ]);
    expect(new Set(serials.map(({ serial }) => serial)).size).toBe(2);
    expect(await handshake(ports.strict)).toMatchObject({ end: 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME' });
  });

  test('s_server: small DH, static RSA, old versions, a client certificate', async () => {
    const dh = workshop.file('dh.pem', smallDhParameters());
    const start = (...words: Parameters<typeof startOpensslServer>) => keep(startOpensslServer(...words));
    const [smallDh, staticRsa, tls1, mutual12, mutual13, named] = await Promise.all([
      start(rsa, ['-tls1_2', '-dhparam', dh], 'DHE'),
      start(rsa, ['-tls1_2'], 'AES128-SHA'),
      start(rsa, ['-tls1']),
      start(leaf, ['-tls1_2', '-Verify', '1']),
      start(leaf, ['-tls1_3', '-Verify', '1']),
      start(leaf, [
        '-servername',
        'leaf.test',
        '-servername_fatal',
        '-cert2',
        leaf.certificateFile,
        '-key2',
        leaf.keyFile,
      ]),
    ]);
    expect(await handshake(smallDh.port)).toMatchObject({ end: 'ERR_SSL_DH_KEY_TOO_SMALL' });
    expect(await handshake(smallDh.port, old)).toMatchObject({ end: 'ok' });
    expect(await handshake(staticRsa.port)).toMatchObject({ end: 'ok', cipher: 'AES128-SHA' });
    expect(await handshake(tls1.port, old)).toMatchObject({ end: 'ok', protocol: 'TLSv1' });
    expect((await handshake(mutual12.port)).end).toMatch(/^ERR_SSL_/);
    expect(await handshake(mutual13.port)).toMatchObject({ end: 'ok' });
    expect(await handshake(named.port, { servername: 'leaf.test' })).toMatchObject({ end: 'ok' });
    expect((await handshake(named.port, { servername: 'other.test' })).end).toMatch(/UNRECOGNIZED_NAME/);
  });

  test('a server without secure renegotiation', async () => {
    const [good, hang, reset] = await Promise.all([
      keep(startUnboundServer(rsa)),
      keep(startUnboundServer(rsa, 'hang')),
      keep(startUnboundServer(rsa, 'reset')),
    ]);
    const refused = { end: 'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED' };
    expect(await handshake(good.port)).toMatchObject(refused);
    expect(await handshake(good.port, unboundAllowed)).toMatchObject({ end: 'ok', protocol: 'TLSv1.2' });
    expect(await handshake(hang.port, unboundAllowed)).toMatchObject({ end: 'hang', serial: expect.any(String) });
    expect(await handshake(reset.port, unboundAllowed)).toMatchObject({ end: 'ECONNRESET' });
  });

  test('raw behaviours fail as they should, and a large hello is lost', async () => {
    const ends: Record<string, string> = {};
    for (const [name, serve] of Object.entries(rawBehaviours)) {
      const { port } = await keep(startRawServer(serve));
      ends[name] = (await handshake(port)).end;
    }
    expect(ends).toEqual({
      'plain http': 'ERR_SSL_WRONG_VERSION_NUMBER',
      'ssh banner': 'ERR_SSL_WRONG_VERSION_NUMBER',
      garbage: 'ERR_SSL_WRONG_VERSION_NUMBER',
      'garbage in a handshake record': 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE',
      '10 MB of garbage': 'ERR_SSL_WRONG_VERSION_NUMBER',
      '10 MB of certificate': 'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED',
      silent: 'hang',
      'slow drip': 'hang',
      'reset on accept': 'ECONNRESET',
      'reset after hello': 'ECONNRESET',
      'end on accept': 'ECONNRESET',
      'end after hello': 'ECONNRESET',
      'handshake_failure alert': 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
    });
    expect(await handshake(await refusedPort())).toMatchObject({ end: 'ECONNREFUSED' });
    const good = await keep(startTlsServer({ key: readFileSync(leaf.keyFile), cert: chain(leaf, intermediate) }));
    const loser = await keep(startPacketLoser(good.port));
    expect(await handshake(loser.port)).toMatchObject({ end: 'hang' });
    expect(await handshake(loser.port, classic)).toMatchObject({ end: 'ok' });
  });

  test('a blackhole answers nobody', async () => {
    const { port } = await keep(startBlackhole());
    const socket = connectTcp(port, '127.0.0.1');
    const outcome = await new Promise((resolve) => {
      socket.on('error', resolve).on('connect', () => resolve('connected'));
      setTimeout(() => resolve('nothing'), 300);
    });
    socket.destroy();
    expect(outcome).toBe('nothing');
  });

  test('STARTTLS', async () => {
    const secureContext = createSecureContext({ key: readFileSync(leaf.keyFile), cert: leaf.pem });
    const talk = async (behaviour: Parameters<typeof startSmtpServer>[0]) => {
      const { port } = await keep(startSmtpServer(behaviour, secureContext));
      const socket = connectTcp(port, '127.0.0.1');
      let heard = '';
      socket.on('data', (data) => (heard += data.toString()));
      for (const words of ['EHLO a', 'STARTTLS']) {
        await new Promise((resolve) => setTimeout(resolve, 30));
        socket.write(`${words}\r\n`);
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
      if (behaviour !== 'good') return socket.destroy() && heard;
      socket.removeAllListeners('data');
      return (await handshake(port, { socket })).end;
    };
    expect(await talk('good')).toBe('ok');
    expect(await talk('not offered')).not.toContain('STARTTLS');
    expect(await talk('refused')).toMatch(/250-STARTTLS[^]*454/);
    expect(await talk('hang')).toMatch(/250-STARTTLS\r\n250 8BITMIME\r\n$/);
    expect(await talk('plain text injected')).toMatch(/220 go ahead\r\n250 said by somebody else\r\n$/);
  });
});
