import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Endpoint, RunningServers } from './endpoint.ts';

/** A connection on loopback that is not there after this time has had its SYN dropped. */
const answeredWithinMilliseconds = 250;
/** A queue of length 1 takes two connections; some kernels are more generous. */
const mostConnections = 16;

/**
 * Endpoints of 127.0.0.1 that swallow every SYN, as a firewall that drops does: who connects waits for its own deadline.
 * Each is a listener whose queue of connections has been filled and whose thread sleeps instead of accepting them, so no
 * packet filter and no privilege is needed. Rejects where the kernel answers all the same.
 */
export async function startBlackholes(count: number): Promise<RunningServers> {
  const worker = new Worker(new URL('./sleeping-listeners.ts', import.meta.url), { workerData: { count } });
  const fillers: Socket[] = [];
  const stop = async (): Promise<void> => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  };
  try {
    const [ports] = (await once(worker, 'message')) as [number[]];
    const endpoints = ports.map((port) => ({ address: '127.0.0.1', port }));
    await Promise.all(endpoints.map((endpoint) => fill(endpoint, fillers)));
    return { endpoints, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Connects until a connection is not answered any more: that last one is the proof that the endpoint is dead. */
async function fill({ address, port }: Endpoint, fillers: Socket[]): Promise<void> {
  for (let connection = 0; connection < mostConnections; connection++) {
    const filler = connect({ host: address, port });
    fillers.push(filler);
    filler.on('error', () => filler.destroy());
    const answered = await Promise.race([
      once(filler, 'connect').then(() => true),
      delay(answeredWithinMilliseconds, false, { ref: false }),
    ]);
    if (answered) continue;
    filler.destroy();
    return;
  }
  throw new Error(`${address}:${port} still takes connections after ${mostConnections} that nobody accepted`);
}
