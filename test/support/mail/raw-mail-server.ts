import type { Socket } from 'node:net';
import { startRawServer } from '../tls/raw-server.ts';
import type { MailServer } from './start-mail-server.ts';

/** The mail servers that are none. */
export async function rawMailServer(
  mode: 'silent' | 'slow-drip' | 'late-drip' | 'hang-up',
  port: number,
): Promise<MailServer> {
  let connections = 0;
  const server = await startRawServer(
    (socket) => {
      connections += 1;
      behaviours[mode](socket);
    },
    '127.0.0.1',
    port,
  );
  return { host: '127.0.0.1', ...server, received: [], connections: () => connections };
}

const behaviours = {
  silent: (socket: Socket) => void socket.resume(),
  'slow-drip': (socket: Socket) => {
    socket.resume();
    drip(socket, '220-mail.test ');
  },
  'late-drip': (socket: Socket) => {
    socket.write('220 mail.test ESMTP\r\n');
    let line = '';
    let inMessage = false;
    socket.on('data', (chunk: Buffer) => {
      line += chunk.toString('latin1');
      for (let end = line.indexOf('\r\n'); end >= 0; end = line.indexOf('\r\n')) {
        const words = line.slice(0, end);
        line = line.slice(end + 2);
        if (inMessage) {
          if (words !== '.') continue;
          inMessage = false;
          drip(socket, '250-');
        } else if (words === 'DATA') {
          inMessage = true;
          socket.write('354 go on\r\n');
        } else if (words === 'QUIT') socket.end('221 bye\r\n');
        else socket.write('250 fine\r\n');
      }
    });
  },
  'hang-up': (socket: Socket) => void socket.resume().end(),
};

/** An answer that never comes to its end, one byte every 300 ms. */
function drip(socket: Socket, beginning: string): void {
  let sent = 0;
  const timer = setInterval(() => socket.write(beginning[sent++] ?? 'x'), 300);
  socket.once('close', () => clearInterval(timer));
}
