import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startResettingServers, startSilentServers } from './bad-servers.ts';
import { startBlackholes } from './blackhole.ts';
import type { Endpoint } from './endpoint.ts';
import { startLateDns } from './late-dns.ts';

const run = promisify(execFile);

test('a blackhole swallows the SYN, and is refused again when it has been stopped', async () => {
  const { endpoints, stop } = await startBlackholes(3);
  onTestFinished(stop);
  expect(new Set(endpoints.map(({ port }) => port)).size).toBe(3);
  expect(await Promise.all(endpoints.map((endpoint) => answerOf(endpoint)))).toEqual(['none', 'none', 'none']);
  await stop();
  expect(await answerOf(endpoints[0]!)).toBe('ECONNREFUSED');
});

test('a silent server accepts and says nothing', async () => {
  const { endpoints, stop } = await startSilentServers(2);
  onTestFinished(stop);
  expect(await Promise.all(endpoints.map((endpoint) => answerOf(endpoint)))).toEqual(['accepted', 'accepted']);
});

test.each(['on-accept', 'on-data'] as const)('a server that resets %s does so', async (when) => {
  const { endpoints, stop } = await startResettingServers(2, when);
  onTestFinished(stop);
  expect(await Promise.all(endpoints.map((endpoint) => answerOf(endpoint)))).toEqual(['ECONNRESET', 'ECONNRESET']);
});

test('DNS is late for every name, and denies or ignores those that say so', async (context) => {
  const network = await startLateDns({ delayMilliseconds: 200 });
  if ('unavailable' in network) return context.skip(network.unavailable);
  onTestFinished(network.stop);
  const script = `
    const { lookup } = require('node:dns/promises');
    const answer = async (name) => {
      const start = performance.now();
      const found = await lookup(name, { all: true }).then((all) => all.map(({ address }) => address), ({ code }) => code);
      return { name, found, late: performance.now() - start >= 190 };
    };
    Promise.all([answer('one.test'), answer('absent.test')]).then((all) => console.log(JSON.stringify(all)));
  `;
  const [program, ...args] = network.inside([process.execPath, '-e', script]);
  const { stdout } = await run(program!, args, { timeout: 10_000 });
  expect(JSON.parse(stdout)).toEqual([
    { name: 'one.test', found: ['127.0.0.1'], late: true },
    { name: 'absent.test', found: 'ENOTFOUND', late: true },
  ]);
});

/** What a client sees that connects and sends something, within 400 ms. */
async function answerOf({ address, port }: Endpoint): Promise<string> {
  const socket = connect({ host: address, port });
  onTestFinished(() => void socket.destroy());
  const failed = Promise.withResolvers<string>();
  socket.on('error', (error: NodeJS.ErrnoException) => failed.resolve(error.code ?? error.message));
  socket.resume();
  const accepted = once(socket, 'connect').then(
    () => socket.write('x'),
    () => undefined,
  );
  const state = async () => {
    await delay(400);
    return socket.connecting ? 'none' : 'accepted';
  };
  const answer = await Promise.race([failed.promise, state()]);
  socket.destroy();
  await Promise.race([accepted, delay(0)]);
  return answer;
}
