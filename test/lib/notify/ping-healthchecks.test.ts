import { describe, expect, test } from 'vitest';
import { pingHealthchecks, pingUrl } from '../../../src/lib/notify/ping-healthchecks.ts';
import { openNotifier } from '../../../src/lib/notify/open-notifier.ts';
import { startServers } from '../../support/net/bad-servers.ts';
import { inventedAlert } from './invented-alert.ts';
import { startHookServer } from './start-hook-server.ts';

const runId = '3c1d7a1e-55a8-4c0a-8f5d-0c8f0f6b7a11';
const options = { runId, signal: new AbortController().signal, env: {}, userAgent: 'devops' };

describe('a ping of healthchecks', () => {
  test.for([
    ['https://hc-ping.com/uuid', 'start', 'https://hc-ping.com/uuid/start?rid=R'],
    ['https://hc-ping.com/uuid/', 'fail', 'https://hc-ping.com/uuid/fail?rid=R'],
    ['https://hc-ping.com/key/slug?create=1', 'log', 'https://hc-ping.com/key/slug/log?create=1&rid=R'],
    ['https://hc-ping.com/uuid', 'success', 'https://hc-ping.com/uuid?rid=R'],
  ] as const)('at %s for %s asks %s', ([url, state, asked]) => {
    expect(pingUrl(new URL(url), state, 'R').href).toBe(asked);
  });

  test('is tried twice and has the end of a long body, no character of it broken', async () => {
    await using server = await startHookServer([[503], [200, 'OK']]);
    const body = `${'é'.repeat(60_000)}end`;
    expect(await pingHealthchecks(new URL(`http://${server.host}/uuid`), 'fail', { ...options, body })).toEqual({
      taken: true,
    });
    expect(server.taken.map(({ path }) => path)).toEqual([`/uuid/fail?rid=${runId}`, `/uuid/fail?rid=${runId}`]);
    expect(Buffer.byteLength(server.taken[0]!.body)).toBe(99_999);
    expect(server.taken[0]!.body).toMatch(/^é+end$/);
  });

  test.for([
    [[200, 'OK (not found)'], true, 'knows no such check: is the URL right?', 1],
    [[404, 'not found'], true, 'answers 404', 1],
    [[409], true, 'answers 409', 1],
    [[200, 'OK (rate limited)'], false, 'takes no more pings for now (rate limited)', 2],
    [[500], false, 'answers 500', 2],
  ] as [[number, string?], boolean, string, number][])(
    'that is answered %j is not taken',
    async ([answer, permanent, words, tries]) => {
      await using server = await startHookServer([answer]);
      const result = await pingHealthchecks(new URL(`http://${server.host}/s3cret`), 'success', options);
      if (result.taken) throw new Error('it was taken');
      expect(result.failure.permanent).toBe(permanent);
      expect(result.failure.message).toContain(`${server.host} ${words}`);
      expect(result.failure.message).not.toContain('s3cret');
      expect(server.taken).toHaveLength(tries);
    },
  );

  test('never fails because of the network, and ends within its deadlines', async () => {
    const servers = await startServers(1, (socket) => socket.resume());
    const url = new URL(`http://127.0.0.1:${servers.endpoints[0]!.port}/uuid`);
    const started = performance.now();
    const result = await pingHealthchecks(url, 'start', { ...options, deadlineSeconds: 0.3 });
    expect(result).toMatchObject({
      taken: false,
      failure: { message: expect.stringContaining('no answer within 0.3s') },
    });
    expect(performance.now() - started).toBeLessThan(2500);
    await servers.stop();
  });

  test('as a notifier tells a failure, a recovery and a test, and nothing that nobody wants', async () => {
    await using server = await startHookServer([[200, 'OK']]);
    const open = (states: ('success' | 'fail' | 'log')[]) =>
      openNotifier('hc', {
        settings: { hc: { type: 'healthchecks', url: `http://${server.host}/uuid`, states } },
        env: {},
        uid: process.getuid!(),
        hostname: 'web1',
        now: () => new Date(),
      });
    const all = await open(['success', 'fail', 'log']);
    const limits = { signal: options.signal, deadlineSeconds: 5 };
    for (const kind of ['failed', 'recovered', 'test'] as const) await all.deliver(inventedAlert({ kind }), limits);
    await (await open(['fail'])).deliver(inventedAlert({ kind: 'recovered' }), limits);
    expect(server.taken.map(({ path }) => path)).toEqual(
      ['/fail', '', '/log'].map((end) => `/uuid${end}?rid=${runId}`),
    );
    expect(server.taken[0]!.body).toContain('97% full');
  });
});
