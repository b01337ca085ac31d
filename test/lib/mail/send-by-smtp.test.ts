import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Mail } from '../../../src/lib/mail/mail.ts';
import { openTransport } from '../../../src/lib/mail/open-transport.ts';
import type { SmtpSettings } from '../../../src/lib/notify/settings.ts';
import { readMail } from '../../support/mail/read-mail.ts';
import { type MailServer, type MailServerOptions, startMailServer } from '../../support/mail/start-mail-server.ts';
import { requireProgram } from '../../support/services.ts';
import { makeTemporaryCertificate, type TemporaryCertificate } from '../../support/starttls/temporary-certificate.ts';
import { serverPark } from '../../support/tls/test-server.ts';

const openssl = requireProgram('openssl', 'mail over TLS is not tested');
const folder = mkdtempSync(join(tmpdir(), 'devops-mail-'));
const park = serverPark();
let certificate: TemporaryCertificate | undefined;
beforeAll(async () => {
  if (openssl !== undefined) certificate = await makeTemporaryCertificate(openssl, folder);
});
afterEach(() => park.close());
afterAll(() => rmSync(folder, { recursive: true }));

const mail: Mail = {
  to: ['ops@example.org'],
  subject: 'a subject',
  text: 'a text\n',
  attachments: [],
  messageId: 'id-1@host.example.org',
};

function start(options: MailServerOptions = {}): Promise<MailServer> {
  const pair =
    options.tls === undefined ? {} : { certificate: { key: certificate!.key, cert: certificate!.certificate } };
  return park.keep(startMailServer({ ...pair, ...options }));
}

function transportTo(port: number, settings: Partial<SmtpSettings<string>> = {}) {
  const smtp = { host: '127.0.0.1', port, tls: false, starttls: 'never' as const, ...settings };
  return openTransport(
    { kind: 'smtp', smtp },
    { from: 'devops@host.example.org', env: { PATH: process.env['PATH'] }, now: () => new Date() },
  );
}

const limits = (deadlineSeconds = 10) => ({ signal: new AbortController().signal, deadlineSeconds });
const ca = () => ({ host: 'localhost', ca: certificate!.certificateFile });

describe('a server that takes mail', () => {
  test('gets it with its envelope, and we its answer', async () => {
    const server = await start();
    const sent = await transportTo(server.port).send({ ...mail, to: ['a@example.org', 'B <b@example.org>'] }, limits());
    expect(sent).toEqual({ response: '250 queued as 1', refused: [] });
    expect(server.received).toMatchObject([
      { from: 'devops@host.example.org', to: ['a@example.org', 'b@example.org'], secure: false },
    ]);
    expect(readMail(server.received[0]!.raw).text).toBe('a text\n');
  });

  test('gets 4 MB with long lines and lone dots to the bit', async () => {
    const server = await start();
    const text = `${'x'.repeat(2_000)}\n.\n..é\n`.repeat(2_100);
    await transportTo(server.port).send({ ...mail, text }, limits());
    expect(readMail(server.received[0]!.raw).text === text).toBe(true);
  });

  test.skipIf(openssl === undefined)('gets it over STARTTLS with user and password', async () => {
    const server = await start({ tls: 'starttls', auth: { user: 'u@x', password: 'geheim ü' } });
    const login = { user: 'u@x', password: 'geheim ü' };
    await transportTo(server.port, { ...ca(), ...login, starttls: 'required' }).send(mail, limits());
    expect(server.received).toMatchObject([{ secure: true, user: 'u@x' }]);
  });

  test.skipIf(openssl === undefined)('gets it over TLS from the first byte', async () => {
    const server = await start({ tls: 'implicit' });
    await transportTo(server.port, { ...ca(), tls: true, starttls: 'required' }).send(mail, limits());
    expect(server.received).toMatchObject([{ secure: true }]);
  });

  test.skipIf(openssl === undefined)('gets it encrypted when STARTTLS is optional, whoever signed', async () => {
    const server = await start({ tls: 'starttls' });
    await transportTo(server.port, { starttls: 'optional' }).send(mail, limits());
    expect(server.received).toMatchObject([{ secure: true }]);
  });
});

describe('some recipients', () => {
  test('that are refused are told, and the others have it', async () => {
    const server = await start({ refuse: { recipients: { 'no@example.org': 550, 'full@example.org': 452 } } });
    const to = ['a@example.org', 'No <no@EXAMPLE.org>', 'full@example.org'];
    const { refused } = await transportTo(server.port).send({ ...mail, to }, limits());
    expect(refused).toEqual([
      { recipient: 'No <no@EXAMPLE.org>', reason: '550 no such recipient here: no@example.org', permanent: true },
      { recipient: 'full@example.org', reason: '452 no such recipient here: full@example.org', permanent: false },
    ]);
    expect(server.received).toMatchObject([{ to: ['a@example.org'] }]);
  });
});

describe('a refusal', () => {
  const secret = 'geheim-secret';
  test.each<[string, MailServerOptions, Partial<SmtpSettings<string>>, boolean, RegExp]>([
    [
      'of every recipient is for ever',
      { refuse: { recipients: { 'ops@example.org': 550 } } },
      {},
      true,
      /refuses the recipient: 550/,
    ],
    [
      'of every recipient for now is not',
      { refuse: { recipients: { 'ops@example.org': 450 } } },
      {},
      false,
      /refuses the recipient: 450/,
    ],
    [
      'of a recipient who has to log in is not',
      { refuse: { recipients: { 'ops@example.org': 530 } } },
      {},
      false,
      /530/,
    ],
    ['of the message is for ever', { refuse: { data: 554 } }, {}, true, /refuses the message: 554/],
    ['of a message that is too long is for ever', { maximumBytes: 100 }, {}, true, /552|so long/],
    ['of the message for now is not', { deferFirst: 1 }, {}, false, /451/],
    ['of the sender is not', { refuse: { sender: 550 } }, {}, false, /refuses the sender: 550/],
    [
      'of the password is not',
      { auth: { user: 'u', password: 'p' } },
      { user: 'u', password: secret },
      false,
      /does not accept the user name and password: 535/,
    ],
    ['to let anybody log in is not', {}, { user: 'u', password: secret }, false, /lets nobody log in/],
    ['of STARTTLS is not', {}, { starttls: 'required' }, false, /no TLS with 127\.0\.0\.1:\d+/],
    ['to listen is not', { mode: 'down' }, {}, false, /cannot connect to 127\.0\.0\.1:\d+: nothing listens there/],
    ['to speak is not', { mode: 'hang-up' }, {}, false, /closed unexpectedly/],
  ])('%s', async (_, options, settings, permanent, message) => {
    const server = await start(options);
    const failure: unknown = await transportTo(server.port, settings)
      .send(mail, limits())
      .then(
        () => 'sent',
        (error: unknown) => error,
      );
    expect(failure).toMatchObject({ name: 'DeliveryFailure', permanent });
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).not.toContain(secret);
    expect(server.received).toEqual([]);
  });

  test('that passes is followed by exactly one copy', async () => {
    const server = await start({ deferFirst: 2 });
    const transport = transportTo(server.port);
    for (const expected of [false, false, true]) {
      const sent = await transport.send(mail, limits()).then(
        () => true,
        () => false,
      );
      expect(sent).toBe(expected);
    }
    expect(server.received).toHaveLength(1);
  });

  test('for its size is told before the message is sent', async () => {
    const server = await start({ maximumBytes: 100_000 });
    const sending = transportTo(server.port).send({ ...mail, text: 'x'.repeat(200_000) }, limits());
    await expect(sending).rejects.toMatchObject({ permanent: true });
  });
});

describe.skipIf(openssl === undefined)('a certificate', () => {
  test.each<[string, Partial<SmtpSettings<string>>]>([
    ['that nobody signed', { host: 'localhost' }],
    ['for another name', { host: '127.0.0.1' }],
  ])('%s is not trusted, and nothing is sent', async (what, settings) => {
    const server = await start({ tls: 'starttls', auth: { user: 'u', password: 'p' } });
    const trust = what.includes('name') ? { ca: certificate!.certificateFile } : {};
    const transport = transportTo(server.port, {
      ...settings,
      ...trust,
      starttls: 'required',
      user: 'u',
      password: 'p',
    });
    await expect(transport.send(mail, limits())).rejects.toMatchObject({
      permanent: false,
      message: expect.stringMatching(/^no TLS with \S+: its certificate is not trusted/) as string,
    });
    expect(server.received).toEqual([]);
  });

  test('that was named is looked at even when STARTTLS is optional', async () => {
    const server = await start({ tls: 'starttls' });
    const transport = transportTo(server.port, { starttls: 'optional', ca: certificate!.certificateFile });
    await expect(transport.send(mail, limits())).rejects.toMatchObject({ permanent: false });
  });

  test('file that is none is told', async () => {
    const server = await start({ tls: 'starttls' });
    const file = join(folder, 'empty.pem');
    writeFileSync(file, '');
    const transport = transportTo(server.port, { starttls: 'required', ca: file });
    await expect(transport.send(mail, limits())).rejects.toThrow(/no PEM certificate in/);
  });
});

describe('the deadline', () => {
  test.each(['silent', 'slow-drip', 'late-drip'] as const)('ends a server that is %s', async (mode) => {
    const server = await start({ mode });
    const began = performance.now();
    const sending = transportTo(server.port).send(mail, limits(0.8));
    await expect(sending).rejects.toMatchObject({
      permanent: false,
      message: expect.stringContaining('0.8') as string,
    });
    expect(performance.now() - began).toBeLessThan(1_600);
    expect(server.connections()).toBe(1);
  });

  test('that has passed already connects to nobody', async () => {
    const server = await start();
    await expect(transportTo(server.port).send(mail, limits(0))).rejects.toMatchObject({ permanent: false });
    expect(server.received).toEqual([]);
  });

  test('is not waited for when the caller gives up', async () => {
    const server = await start({ mode: 'silent' });
    const controller = new AbortController();
    const sending = transportTo(server.port).send(mail, { signal: controller.signal, deadlineSeconds: 30 });
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 100);
    await expect(sending).rejects.toBe(reason);
  });
});
