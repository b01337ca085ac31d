import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DeliveryFailure, type Notifier } from '../../../src/lib/notify/notifier.ts';
import { openNotifier } from '../../../src/lib/notify/open-notifier.ts';
import { startServers } from '../../support/net/bad-servers.ts';
import { type Issued, openWorkshop, type Workshop } from '../../support/tls/workshop.ts';
import { inventedAlert } from './invented-alert.ts';
import { type HookAnswer, startHookServer } from './start-hook-server.ts';

const limits = { signal: new AbortController().signal, deadlineSeconds: 5 };

function open(type: 'webhook' | 'slack', url: string, env: Record<string, string> = {}): Promise<Notifier> {
  return openNotifier('hook', {
    settings: { hook: { type, url: { env: 'HOOK' } } },
    env: { HOOK: url, ...env },
    uid: process.getuid!(),
    hostname: 'web1',
    version: '1.2.3',
    now: () => new Date(),
  });
}

async function failureOf(work: Promise<unknown>): Promise<DeliveryFailure> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DeliveryFailure) {
      expect(error.message).not.toMatch(/s3cret|hooks\//);
      return error;
    }
    throw error;
  }
  throw new Error('it was delivered');
}

describe('a webhook', () => {
  test('gets the alert as JSON, with a key that is the same at every try', async () => {
    await using server = await startHookServer([[500], [204]]);
    const notifier = await open('webhook', server.url);
    const alert = inventedAlert();
    const failure = await failureOf(notifier.deliver(alert, limits));
    expect(failure).toMatchObject({ permanent: false, message: `${server.host} answers 500` });
    await notifier.deliver(alert, limits);
    expect(server.taken).toHaveLength(2);
    for (const { method, path, headers, body } of server.taken) {
      expect({ method, path }).toEqual({ method: 'POST', path: '/hooks/s3cret-path?key=s3cret-key' });
      expect(headers).toMatchObject({
        'idempotency-key': alert.id,
        'user-agent': 'devops/1.2.3',
        'content-type': 'application/json; charset=utf-8',
        connection: 'close',
      });
      const { version, text, ...told } = JSON.parse(body) as Record<string, unknown>;
      expect(told).toEqual(alert);
      expect(version).toBe(1);
      expect(text).toContain('CRITICAL /: 97% full');
      expect(text).not.toContain('last line');
    }
  });

  test.for([
    [[404, 'no /hooks/s3cret-path here'], true, 'answers 404 (there is no such address any more: is the URL right?)'],
    [[410], true, 'answers 410 (there is no such address any more: is the URL right?)'],
    [[400], true, 'answers 400'],
    [[408], false, 'answers 408'],
    [[425], false, 'answers 425'],
    [[429], false, 'answers 429 (too many requests)'],
    [[503], false, 'answers 503'],
    [
      [302, '', { location: 'https://elsewhere.example.org/s3cret' }],
      false,
      'answers 302, a redirect to elsewhere.example.org, which is not followed: configure the final URL',
    ],
  ] as [HookAnswer, boolean, string][])(
    'that answers %j has failed for good: %s',
    async ([answer, permanent, words]) => {
      await using server = await startHookServer([answer]);
      const failure = await failureOf((await open('webhook', server.url)).deliver(inventedAlert(), limits));
      expect(failure).toMatchObject({ permanent, message: `${server.host} ${words}` });
      expect(server.taken).toHaveLength(1);
    },
  );

  test.for([
    ['7', 7],
    ['999999', 86_400],
    ['Fri, 20 Nov 2026 10:01:00 GMT', 60],
    ['soon', undefined],
    ['-5', undefined],
  ] as const)('that says Retry-After: %s is left alone for %s seconds', async ([value, seconds]) => {
    const headers = { 'retry-after': value, date: 'Fri, 20 Nov 2026 10:00:00 GMT' };
    await using server = await startHookServer([[429, '', headers]]);
    const failure = await failureOf((await open('webhook', server.url)).deliver(inventedAlert(), limits));
    expect(failure.retryAfterSeconds).toBe(seconds);
  });

  test('that has taken it is not asked again because its answer does not end', async () => {
    await using server = await startHookServer([
      (_, response) => {
        response.writeHead(200);
        response.write('x'.repeat(1_000_000));
      },
      (_, response) => {
        response.writeHead(200);
        response.write('x');
      },
    ]);
    const notifier = await open('webhook', server.url);
    const started = performance.now();
    await notifier.deliver(inventedAlert(), limits);
    expect(performance.now() - started).toBeLessThan(1500);
    await notifier.deliver(inventedAlert(), limits);
    expect(performance.now() - started).toBeLessThan(4000);
  });

  test('that is silent, drips, hangs up or speaks something else fails within the deadline', async () => {
    const short = { ...limits, deadlineSeconds: 0.7 };
    const behaviours = [
      [(socket) => socket.resume(), 'gave no answer within 0.7s'],
      [
        (socket) => {
          socket.resume();
          const timer = setInterval(() => socket.write('HTTP/1.1 200 OK\r\n'[Math.floor(performance.now()) % 3]!), 100);
          socket.once('close', () => clearInterval(timer));
        },
        /gave no answer within|not with HTTP/,
      ],
      [(socket) => socket.destroy(), 'closed the connection without an answer'],
      [(socket) => socket.end('220 mail.example.org ESMTP\r\n'), 'answers, but not with HTTP'],
    ] as [Parameters<typeof startServers>[1], string | RegExp][];
    for (const [behaviour, words] of behaviours) {
      const servers = await startServers(1, behaviour);
      const { port } = servers.endpoints[0]!;
      const started = performance.now();
      const notifier = await open('webhook', `http://127.0.0.1:${port}/hooks/s3cret`);
      const failure = await failureOf(notifier.deliver(inventedAlert(), short));
      expect(failure.permanent).toBe(false);
      expect(failure.message).toMatch(words);
      expect(performance.now() - started).toBeLessThan(1500);
      await servers.stop();
      const refused = await failureOf(notifier.deliver(inventedAlert(), short));
      expect(refused).toMatchObject({ permanent: false, message: `127.0.0.1:${port} refuses the connection` });
    }
  });

  test('is given up with the reason of the signal', async () => {
    const servers = await startServers(1, (socket) => socket.resume());
    const controller = new AbortController();
    const notifier = await open('webhook', `http://127.0.0.1:${servers.endpoints[0]!.port}/`);
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 100);
    await expect(notifier.deliver(inventedAlert(), { signal: controller.signal, deadlineSeconds: 5 })).rejects.toBe(
      reason,
    );
    await servers.stop();
  });
});

describe('a webhook with TLS', () => {
  let workshop: Workshop;
  let authority: Issued;
  let own: Issued;

  beforeAll(async () => {
    workshop = openWorkshop('notify');
    authority = await workshop.authority('root');
    own = await workshop.leaf({ commonName: 'localhost', names: ['127.0.0.1'], issuer: authority });
  });
  afterAll(() => workshop.close());

  test('is refused unless the system trusts its certificate', async () => {
    const tls = { key: readFileSync(own.keyFile), cert: own.pem };
    await using server = await startHookServer([[200]], tls);
    const failure = await failureOf((await open('webhook', server.url)).deliver(inventedAlert(), limits));
    expect(failure.permanent).toBe(false);
    expect(failure.message).toContain('has a certificate of an authority that is not trusted');
    expect(server.taken).toEqual([]);
    const trusting = await open('webhook', server.url, { SSL_CERT_FILE: authority.certificateFile });
    await trusting.deliver(inventedAlert(), limits);
    expect(server.taken).toHaveLength(1);
    const missing = await open('webhook', server.url, { SSL_CERT_FILE: '/nowhere/ca.pem' });
    expect((await failureOf(missing.deliver(inventedAlert(), limits))).message).toContain('/nowhere/ca.pem');
  });
});

describe('an incoming webhook of Slack', () => {
  test.for([
    [[200, 'ok'], undefined, ''],
    [[200, '<html>'], false, "answers 200, but not 'ok': is it an incoming webhook of Slack?"],
    [[404, 'no_service'], true, "answers 404 'no_service'"],
    [[404, 'channel_not_found'], true, "answers 404 'channel_not_found'"],
    [[410, 'channel_is_archived'], true, "answers 410 'channel_is_archived'"],
    [[403, 'action_prohibited'], true, "answers 403 'action_prohibited'"],
    [[400, 'invalid_payload'], true, "answers 400 'invalid_payload'"],
    [[500, 'rollup_error'], false, "answers 500 'rollup_error'"],
    [[404, '/hooks/s3cret-path'], true, 'answers 404 (there is no such address any more: is the URL right?)'],
  ] as [HookAnswer, boolean | undefined, string][])('that answers %j', async ([answer, permanent, words]) => {
    await using server = await startHookServer([answer]);
    const delivery = (await open('slack', server.url)).deliver(inventedAlert(), limits);
    if (permanent === undefined) await delivery;
    else expect(await failureOf(delivery)).toMatchObject({ permanent, message: `${server.host} ${words}` });
    const { text, blocks } = JSON.parse(server.taken[0]!.body) as { text: string; blocks: { type: string }[] };
    expect(text).toBe(':red_circle: FAILED backup-db on web1: exit code 3');
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section', 'section', 'section']);
  });
});
