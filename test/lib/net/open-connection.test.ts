import { getEventListeners, once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openConnection } from '../../../src/lib/net/open-connection.ts';
import { startBlackholes } from '../../support/net/blackhole.ts';
import { refusedPort, startRawServer } from '../../support/tls/raw-server.ts';

/** Addresses of this machine, which all of Linux' 127.0.0.0/8 are. */
function loopback(...lastDigits: number[]) {
  return lastDigits.map((digit) => ({ address: `127.0.0.${digit}`, family: 4 as const }));
}

async function startServer(address: string, port = 0) {
  const accepted: Socket[] = [];
  const server = await startRawServer((socket) => accepted.push(socket.resume()), address, port);
  onTestFinished(server.close);
  return { ...server, accepted };
}

async function blackhole() {
  const { endpoints, stop } = await startBlackholes(1);
  onTestFinished(stop);
  // What filled its queue is on its way out.
  await delay(20);
  return endpoints[0]!;
}

async function timed<Value>(run: () => Promise<Value>): Promise<{ value: Value; milliseconds: number }> {
  const started = performance.now();
  return { value: await run(), milliseconds: performance.now() - started };
}

/** Connections on their way, of the whole thread. */
function connecting(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'ConnectWrap').length;
}

const never = new AbortController().signal;

test('of one address that answers comes a connected socket', async () => {
  const { port, accepted } = await startServer('127.0.0.1');
  const socket = await openConnection(loopback(1), port, never);
  expect(socket.remoteAddress).toBe('127.0.0.1');
  await vi.waitFor(() => expect(accepted).toHaveLength(1));
  socket.destroy();
});

test('a dead address keeps the next one waiting for a quarter of a second, and is given up when that answers', async () => {
  const { port } = await blackhole();
  await startServer('127.0.0.2', port);
  const before = connecting();
  const { value: socket, milliseconds } = await timed(() => openConnection(loopback(1, 2), port, never));
  expect(socket.remoteAddress).toBe('127.0.0.2');
  expect(milliseconds).toBeGreaterThan(240);
  expect(milliseconds).toBeLessThan(1_000);
  await vi.waitFor(() => expect(connecting()).toBe(before));
  socket.destroy();
});

test('an address that refuses keeps nobody waiting', async () => {
  const { port } = await startServer('127.0.0.9');
  const addresses = loopback(1, 2, 3, 4, 5, 6, 7, 8, 9);
  const { value: socket, milliseconds } = await timed(() => openConnection(addresses, port, never));
  expect(socket.remoteAddress).toBe('127.0.0.9');
  expect(milliseconds).toBeLessThan(1_000);
  socket.destroy();
});

test('a refusal while an older attempt still waits makes the next one come at once, once', async () => {
  const { port } = await blackhole();
  const { accepted } = await startServer('127.0.0.3', port);
  const { value: socket, milliseconds } = await timed(() => openConnection(loopback(1, 2, 3, 3, 3), port, never));
  expect(socket.remoteAddress).toBe('127.0.0.3');
  expect(milliseconds).toBeLessThan(490);
  await delay(300);
  expect(accepted).toHaveLength(1);
  socket.destroy();
});

test('an address that is only slow is not given up when the others have failed: it wins when it answers', async () => {
  const { port } = await startSleeper(400);
  const signal = AbortSignal.timeout(8_000);
  const { value: socket, milliseconds } = await timed(() => openConnection(loopback(1, 2, 3), port, signal));
  expect(socket.remoteAddress).toBe('127.0.0.1');
  expect(milliseconds).toBeGreaterThan(300);
  socket.destroy();
});

test('when all fail, it fails with what the first one said', async () => {
  const port = await refusedPort();
  await expect(openConnection(loopback(5, 6, 7), port, never)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
    address: '127.0.0.5',
  });
});

test('without an address there is nothing to connect to', async () => {
  await expect(openConnection([], 443, never)).rejects.toThrow('there is no address to connect to');
});

test('a signal that is aborted already lets nothing begin', async () => {
  const { port, accepted } = await startServer('127.0.0.1');
  const reason = new Error('called off');
  await expect(openConnection(loopback(1), port, AbortSignal.abort(reason))).rejects.toBe(reason);
  await delay(50);
  expect(accepted).toHaveLength(0);
});

test('an abort while it waits closes all that is open and begins nothing more', async () => {
  const { port } = await blackhole();
  const { accepted } = await startServer('127.0.0.2', port);
  const before = connecting();
  const controller = new AbortController();
  const reason = new Error('called off');
  const connection = openConnection(
    [...loopback(1), ...loopback(1), ...loopback(1), ...loopback(2)],
    port,
    controller.signal,
  );
  connection.catch(() => undefined);
  await delay(300);
  expect(connecting()).toBe(before + 2);
  controller.abort(reason);
  await expect(connection).rejects.toBe(reason);
  await vi.waitFor(() => expect(connecting()).toBe(before));
  await delay(300);
  expect(accepted).toHaveLength(0);
  expect(connecting()).toBe(before);
});

test('an abort after the connection is no matter of it, and nothing is left at the signal', async () => {
  const { port } = await startServer('127.0.0.1');
  const controller = new AbortController();
  const socket = await openConnection(loopback(1), port, controller.signal);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  controller.abort();
  await delay(20);
  expect(socket.destroyed).toBe(false);
  socket.destroy();
  const failing = new AbortController();
  await openConnection(loopback(1), await refusedPort(), failing.signal).catch(() => undefined);
  expect(getEventListeners(failing.signal, 'abort')).toEqual([]);
});

test('an error of the connection later on is nobody’s surprise and begins no other attempt', async () => {
  const { port, accepted } = await startServer('127.0.0.1');
  const { accepted: others } = await startServer('127.0.0.2', port);
  const socket = await openConnection(loopback(1, 2), port, never);
  await vi.waitFor(() => expect(accepted).toHaveLength(1));
  // Without a listener of its own this error would end the process.
  expect(socket.listenerCount('error')).toBe(1);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  accepted[0]!.resetAndDestroy();
  await closed;
  await delay(300);
  expect(others).toHaveLength(0);
});

/** A port whose SYNs are dropped at first; after this time they are answered when they are sent again. */
async function startSleeper(milliseconds: number) {
  const program = `
    const { parentPort } = require('node:worker_threads');
    const server = require('node:net').createServer((socket) => socket.on('error', () => undefined).resume());
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      // Once the port has been told.
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds}), 20);
    });
  `;
  const worker = new Worker(program, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  await delay(60);
  const fillers: Socket[] = [];
  onTestFinished(async () => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  });
  for (let filled = false; !filled && fillers.length < 16;) {
    const filler = connect(port, '127.0.0.1').on('error', () => undefined);
    fillers.push(filler);
    const answered = once(filler, 'connect').then(() => true);
    filled = !(await Promise.race([answered, delay(60, false)]));
  }
  return { port };
}
