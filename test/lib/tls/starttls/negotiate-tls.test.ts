import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PlainProtocol } from '../../../../src/lib/tls/starttls/foreign-protocol.ts';
import { negotiateTls } from '../../../../src/lib/tls/starttls/negotiate-tls.ts';
import { findOldestNode } from '../../../support/oldest-node.ts';
import { requireProgram } from '../../../support/services.ts';
import {
  hears,
  says,
  startDialogueServer,
  type DialogueServer,
  type Turn,
} from '../../../support/starttls/dialogue.ts';
import { fetchCertificate } from '../../../support/starttls/fetch-certificate.ts';
import { acceptingParts, ldapRequest } from '../../../support/starttls/parts.ts';
import { connected, listenersOf, outcome } from '../../../support/starttls/outcome.ts';
import {
  makeTemporaryCertificate,
  type TemporaryCertificate,
} from '../../../support/starttls/temporary-certificate.ts';

const run = promisify(execFile);
const protocols = Object.keys(acceptingParts) as PlainProtocol[];
const openssl = requireProgram('openssl', 'STARTTLS is not tried with a TLS handshake');
let folder: string;
let certificate: TemporaryCertificate;
let server: DialogueServer | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'devops-starttls-test-'));
  if (openssl !== undefined) certificate = await makeTemporaryCertificate(openssl, folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe.skipIf(openssl === undefined)('a TLS handshake follows at once', () => {
  test.each(protocols)('after %s', async (protocol) => {
    server = await startDialogueServer(acceptingParts[protocol], certificate);
    expect(await fetchCertificate(protocol, server.port)).toBe(certificate.certificate);
  });

  test('under the oldest Node that is supported', { timeout: 90_000 }, async (context) => {
    const node = await findOldestNode();
    if (typeof node !== 'string') return context.skip(node.unavailable);
    const program = join(import.meta.dirname, '../../../support/starttls/fetch-certificate.ts');
    await Promise.all(
      protocols.map(async (protocol) => {
        const each = await startDialogueServer(acceptingParts[protocol], certificate);
        onTestFinished(each.stop);
        const argv = [program, '--fetch-certificate', protocol, String(each.port)];
        const { stdout } = await run(node, argv, { timeout: 20_000 });
        expect([protocol, stdout]).toEqual([protocol, certificate.certificate]);
      }),
    );
  });
});

test.each(protocols)(
  '%s leaves the socket paused, without a listener of its own and with nothing read',
  async (protocol) => {
    server = await startDialogueServer(acceptingParts[protocol]);
    const socket = await connected(server.port);
    const before = listenersOf(socket);
    const { signal } = new AbortController();
    await negotiateTls(socket, protocol, { clientName: 'client.example', serverName: 'localhost', signal });
    expect(listenersOf(socket)).toEqual(before);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(socket.isPaused()).toBe(true);
    expect(socket.readableLength).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.isPaused()).toBe(true);
  },
);

test('a socket that was paused is woken up', async () => {
  server = await startDialogueServer(acceptingParts.smtp);
  expect(await outcome('smtp', server.port, { prepare: (socket) => void socket.pause() })).toBe('ready');
});

describe('TLS is started where the server', () => {
  test.each<[string, PlainProtocol, Turn[]]>([
    [
      'lists nothing in reply to EHLO, and takes STARTTLS',
      'smtp',
      [says('220 x\r\n'), hears('EHLO client.example\r\n'), says('250 x\r\n'), hears('STARTTLS\r\n'), says('220\r\n')],
    ],
    [
      'ends its lines with LF alone and writes in lower case',
      'smtp',
      [
        says('220 x\n'),
        hears('EHLO client.example\r\n'),
        says('250-x\n250 starttls\n'),
        hears('STARTTLS\r\n'),
        says('220 x\n'),
      ],
    ],
    [
      'lists what it can in its greeting: it is not asked again',
      'imap',
      [says('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n'), hears('b STARTTLS\r\n'), says('b OK\r\n')],
    ],
    [
      'does not know CAPABILITY, and takes STARTTLS',
      'imap',
      [says('* OK\r\n'), hears('a CAPABILITY\r\n'), says('a BAD\r\n'), hears('b STARTTLS\r\n'), says('b OK go\r\n')],
    ],
    [
      'says that it will be ready in a minute',
      'ftp',
      [says('120 soon\r\n220 now\r\n'), hears('AUTH TLS\r\n'), says('234\r\n')],
    ],
    [
      'writes lengths as Active Directory does',
      'ldap',
      [hears(ldapRequest), says(Buffer.from('3084000000100201017884000000070a010004000400', 'hex'))],
    ],
  ])('%s (%s)', async (_, protocol, turns) => {
    server = await startDialogueServer(turns);
    expect(await outcome(protocol, server.port)).toBe('ready');
  });
});
