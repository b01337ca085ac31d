import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mail } from '../../../src/lib/mail/mail.ts';
import { openTransport } from '../../../src/lib/mail/open-transport.ts';
import type { TransportSettings } from '../../../src/lib/mail/transport.ts';
import { readMail } from '../../support/mail/read-mail.ts';
import { type MailServer, startMailServer } from '../../support/mail/start-mail-server.ts';
import { type OpenSmtpd, startOpenSmtpd } from '../../support/mail/start-opensmtpd.ts';
import { requireProgram } from '../../support/services.ts';

const why = 'mail is not sent through a real mail server and its sendmail';
const programs = ['unshare', 'nsenter'].map((name) => requireProgram(name, why));
const smtpd = requireProgram('smtpd', why);
// It becomes other users, and its queue and socket lie where only root may make them.
const isPossible = smtpd !== undefined && !programs.includes(undefined) && process.getuid?.() === 0;

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
const mail: Mail = {
  to: ['ops@example.org'],
  subject: 'Prüfung 🚀 of a subject that is long enough to be folded, with equal = signs and more of it',
  text: `${'x'.repeat(2_000)}\n.\n..\n.a\nFrom here\n grün \t\n\r\u001B[1m\n`.repeat(50),
  attachments: [{ name: 'bytes', base64: Buffer.from([0, 10, 13, 46, 13, 10, 255]).toString('base64') }],
  messageId: 'id-1@host.example.org',
};

describe.skipIf(!isPossible)('OpenSMTPD', () => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-opensmtpd-'));
  let behind: MailServer;
  let server: OpenSmtpd;
  beforeAll(async () => {
    behind = await startMailServer();
    server = await startOpenSmtpd(smtpd!, folder, { relayTo: behind.port });
  });
  afterAll(async () => {
    await server?.close();
    await behind?.close();
    rmSync(folder, { recursive: true });
  });

  const send = (settings: TransportSettings, change: Partial<Mail> = {}) =>
    openTransport(settings, { from: 'devops@host.example.org', env, now: () => new Date() }).send(
      { ...mail, ...change },
      { signal: new AbortController().signal, deadlineSeconds: 15 },
    );
  const bySmtp = (): TransportSettings => ({
    kind: 'smtp',
    smtp: {
      host: 'localhost',
      port: server.port,
      tls: false,
      starttls: 'never',
    },
  });
  const bySendmail = (): TransportSettings => ({ kind: 'sendmail', path: server.sendmail, env });

  test.each([
    ['over SMTP', bySmtp],
    ['through its sendmail', bySendmail],
  ])('takes a hostile mail %s and hands it on to the bit', async (_, settings) => {
    const before = behind.received.length;
    const { refused } = await send(settings());
    expect(refused).toEqual([]);
    await expect.poll(() => behind.received.length, { timeout: 10_000 }).toBe(before + 1);
    const { from, to, raw } = behind.received[before]!;
    expect({ from, to }).toEqual({ from: 'devops@host.example.org', to: ['ops@example.org'] });
    const { headers, text, parts } = readMail(raw);
    expect(headers.get('subject')).toBe(mail.subject);
    expect(headers.get('message-id')).toBe(`<${mail.messageId}>`);
    expect(text).toBe(mail.text);
    expect(parts[1]!.content.toString('base64')).toBe(mail.attachments[0]!.base64);
  });

  test('refuses whom it does not know for ever, and tells it beside those it knows', async () => {
    const alone = send(bySmtp(), { to: ['no@example.org'] });
    await expect(alone).rejects.toMatchObject({ permanent: true, message: expect.stringContaining('550') as string });
    const { refused } = await send(bySmtp(), { to: ['ops@example.org', 'no@example.org'] });
    expect(refused).toMatchObject([{ recipient: 'no@example.org', permanent: true }]);
  });

  test('is told of a failure of its sendmail', async () => {
    await expect(send(bySendmail(), { to: ['no@example.org'] })).rejects.toMatchObject({
      name: 'DeliveryFailure',
      message: expect.stringMatching(/did not take the mail \(exit code \d+\): .*Invalid recipient/) as string,
    });
  });
});
