import { describe, expect, test } from 'vitest';
import { DeliveryFailure } from '../../../src/lib/notify/notifier.ts';
import { openNotifier } from '../../../src/lib/notify/open-notifier.ts';
import { startMailServer } from '../../support/mail/start-mail-server.ts';
import { inventedAlert } from './invented-alert.ts';

const limits = { signal: new AbortController().signal, deadlineSeconds: 5 };

function open(port: number, to: string[], user?: { user: string; password: { env: string } }) {
  return openNotifier('ops', {
    settings: {
      ops: {
        type: 'mail',
        to,
        from: 'devops@example.org',
        smtp: { host: '127.0.0.1', port, tls: false, starttls: 'never', ...user },
      },
    },
    env: { SMTP_PASSWORD: 'pass word' },
    uid: process.getuid!(),
    hostname: 'web1',
    now: () => new Date(),
  });
}

async function failureOf(work: Promise<unknown>): Promise<DeliveryFailure> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DeliveryFailure) return error;
    throw error;
  }
  throw new Error('it was delivered');
}

describe('an alert by mail', () => {
  test('has the same Message-ID at every try, both forms and the log', async () => {
    const server = await startMailServer({ deferFirst: 1, auth: { user: 'u', password: 'pass word' } });
    const notifier = await open(server.port, ['ops@example.org'], { user: 'u', password: { env: 'SMTP_PASSWORD' } });
    const alert = inventedAlert();
    expect((await failureOf(notifier.deliver(alert, limits))).permanent).toBe(false);
    await notifier.deliver(alert, limits);
    await notifier.deliver(alert, limits);
    const mails = server.received.map(({ raw }) => raw.toString('latin1'));
    await server.close();
    expect(mails).toHaveLength(2);
    for (const mail of mails) {
      expect(mail).toMatch(/^Message-ID: <0b6f3a52-7d0e-4c9e-9a57-0a4f7c1d2e3f@web1>\r$/im);
      expect(mail).toMatch(/^Subject: FAILED backup-db on web1: exit code 3\r$/m);
      expect(mail).toMatch(/^Auto-Submitted: auto-generated\r$/im);
      expect(mail).toContain('Content-Type: text/html');
      expect(mail).toContain('job-3c1d7a1e-55a8-4c0a-8f5d-0c8f0f6b7a11.log');
      expect(mail).toContain(Buffer.from('first line\nlast line\n').toString('base64'));
    }
  });

  test('cannot be given headers by a hostile title', async () => {
    const server = await startMailServer();
    const notifier = await open(server.port, ['ops@example.org']);
    await notifier.deliver(inventedAlert({ title: 'x\r\nBcc: evil@example.org', host: 'a>\r\nX: y' }), limits);
    const [mail] = server.received;
    await server.close();
    expect(mail!.to).toEqual(['ops@example.org']);
    expect(mail!.raw.toString('latin1').split('\r\n\r\n')[0]).not.toMatch(/^(?:Bcc|X):/im);
  });

  test('that a server took for some only is tried again for the others alone', async () => {
    const server = await startMailServer({
      refuse: { recipients: { 'later@example.org': 450, 'gone@example.org': 550 } },
    });
    const notifier = await open(server.port, ['Ops <ops@Example.org>', 'later@example.org', 'gone@example.org']);
    const failure = await failureOf(notifier.deliver(inventedAlert(), limits));
    expect(failure).toMatchObject({ permanent: false, undelivered: ['later@example.org'] });
    expect(failure.message).toContain('gone@example.org');
    const again = { ...limits, recipients: failure.undelivered! };
    expect((await failureOf(notifier.deliver(inventedAlert(), again))).permanent).toBe(false);
    expect(server.received.map(({ to }) => to)).toEqual([['ops@example.org']]);
    await notifier.deliver(inventedAlert(), { ...limits, recipients: ['ops@example.org'] });
    expect(server.received).toHaveLength(2);
    await server.close();
  });
});
