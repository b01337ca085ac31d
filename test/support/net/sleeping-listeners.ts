import { createServer, type AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * The thread behind `startBlackholes`: listens with the shortest queue there is, tells the ports, and goes to sleep for
 * good. Node itself would accept whatever comes in; a thread that sleeps cannot.
 */
const { count } = workerData as { count: number };
const servers = await Promise.all(Array.from({ length: count }, () => listen()));
// eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(servers.map((server) => (server.address() as AddressInfo).port));
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);

function listen() {
  const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof createServer>>();
  const server = createServer();
  server.once('error', reject);
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => resolve(server));
  return promise;
}
