import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startChild } from './child-server.ts';
import type { TestServer } from './test-server.ts';

// Listens, and never comes to accept: the kernel does so until the queue is full.
const program = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, 'port ' + server.address().port + '\\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** A port whose SYNs are dropped without an answer, as behind a firewall: its queue of connections is full. */
export async function startBlackhole(): Promise<TestServer> {
  const child = startChild(process.execPath, ['-e', program]);
  const [, digits] = await child.printed(/^port (\d+)$/m);
  const port = Number(digits);
  const fillers: Socket[] = [];
  const close = async () => {
    for (const filler of fillers) filler.destroy();
    await child.close();
  };
  for (let filled = false; !filled;) {
    if (fillers.length > 8) {
      await close();
      throw new Error('this system accepts connections although the queue is full');
    }
    const filler = connect(port, '127.0.0.1').on('error', () => undefined);
    fillers.push(filler);
    filled = await once(filler, 'connect', { signal: AbortSignal.timeout(200) }).then(
      () => false,
      () => true,
    );
  }
  return { port, close };
}
