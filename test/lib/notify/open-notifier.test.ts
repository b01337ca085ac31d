import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { openNotifier } from '../../../src/lib/notify/open-notifier.ts';
import type { NotifierSettings } from '../../../src/lib/notify/settings.ts';

const place = { env: {}, uid: process.getuid!(), hostname: 'web1', now: () => new Date(), settings: {} };

async function failureOf(name: string, settings: Record<string, NotifierSettings>, env = {}): Promise<UserError> {
  try {
    await openNotifier(name, { ...place, settings, env });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was opened');
}

describe('a notifier', () => {
  const settings: Record<string, NotifierSettings> = {
    ops: { type: 'mail', to: ['ops@example.org'] },
    chat: { type: 'slack', url: { env: 'HOOK' } },
  };

  test.for([
    ['opps', "did you mean 'ops'?"],
    ['ops@example.org', "for an address write 'mailto:ops@example.org'"],
    ['https://example.org/s3cret', 'a URL needs an entry of its own below notify in devops.yaml'],
    ['somebody-else', "known are 'ops', 'chat', and mailto:ops@example.org"],
    ['__proto__', "known are 'ops', 'chat', and mailto:ops@example.org"],
  ] as const)('%s is unknown and hints %s', async ([name, hint]) => {
    expect(await failureOf(name, settings)).toMatchObject({ code: 'usage', hints: [hint] });
  });

  test.for([
    'mailto:',
    'mailto:a@b.example?bcc=x@example.org',
    'mailto:-oX@example.org',
    'mailto:a%0d%0aB@example.org',
  ])('%s is refused', async (name) => {
    expect(await failureOf(name, {})).toMatchObject({ code: 'usage' });
  });

  test('whose secret is missing or is no URL is found when it is opened, and not shown', async () => {
    expect(await failureOf('chat', settings)).toMatchObject({
      code: 'config',
      message: expect.stringContaining("'HOOK'"),
    });
    for (const HOOK of ['s3cret', 'file:///s3cret', 'ftp://s3cret/']) {
      const failure = await failureOf('chat', settings, { HOOK });
      expect(failure).toMatchObject({
        code: 'config',
        message: "the url of notifier 'chat' is no URL of https or http",
      });
    }
  });

  test.for([
    ['X-Token', 's3cret\r\nX: y', 'has a value that no header can have'],
    ['Bad Name', 's3cret', 'is no name of a header'],
    ['Content-Length', '5', 'is set by us alone'],
  ] as const)('with a header %s is refused', async ([name, value, reason]) => {
    const hook: NotifierSettings = { type: 'webhook', url: 'https://example.org/', headers: { [name]: value } };
    const failure = await failureOf('hook', { hook });
    expect(failure.message).toBe(`the header '${name}' of notifier 'hook' ${reason}`);
  });

  test('of an address is opened without a configuration', async () => {
    const env = { DEVOPS_SMTP_URL: 'smtp://127.0.0.1:2525?starttls=never' };
    const notifier = await openNotifier('mailto:ops@example.org', { ...place, env });
    expect(notifier).toMatchObject({ name: 'mailto:ops@example.org', kind: 'mail' });
  });
});
