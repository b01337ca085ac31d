import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { connect } from 'node:net';
import { enqueue } from '../../../src/lib/spool/enqueue.ts';
import { flush } from '../../../src/lib/spool/flush.ts';
import { alertEntry } from './entries.ts';

// Puts entries into a spool, says so, and flushes it, again and again until it is killed.
const [folder, port] = process.argv.slice(2);
const until = performance.now() + 5000;
while (performance.now() < until) {
  for (let count = 0; count < 3; count++) {
    const id = randomUUID();
    enqueue(folder!, alertEntry({ id, to: `to-${count}`, createdAt: Date.now() / 1000 }));
    writeSync(1, `${id}\n`);
  }
  await flush(folder!, {
    async deliver({ id }, { signal }) {
      const socket = connect(Number(port), '127.0.0.1');
      try {
        socket.write(`${id}\n`);
        await once(socket, 'data', { signal });
      } finally {
        socket.destroy();
      }
    },
    signal: new AbortController().signal,
    deadlineSeconds: 3,
    now: () => Date.now() / 1000,
    env: process.env,
    pid: process.pid,
  });
}
