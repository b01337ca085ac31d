import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { startRawServer } from './raw-server.ts';
import type { TestServer } from './test-server.ts';

/** What a mail server makes of STARTTLS (RFC 3207). */
export type StarttlsBehaviour = 'good' | 'not offered' | 'refused' | 'hang' | 'plain text injected';

/** An SMTP server that greets, answers EHLO and then behaves as told. */
export function startSmtpServer(behaviour: StarttlsBehaviour, secureContext: SecureContext): Promise<TestServer> {
  return startRawServer((socket) => {
    socket.write('220 mail.test ESMTP\r\n');
    let received = '';
    const listen = (chunk: Buffer) => {
      received = (received + chunk.toString('latin1')).slice(-10_000);
      for (let end = received.indexOf('\r\n'); end >= 0; end = received.indexOf('\r\n')) {
        const word = received.slice(0, end).split(' ', 1)[0]!.toUpperCase();
        received = received.slice(end + 2);
        if (word === 'STARTTLS' && startTls(socket, behaviour, secureContext)) {
          socket.off('data', listen);
          return;
        }
        if (word === 'EHLO')
          socket.write(`250-mail.test\r\n${behaviour === 'not offered' ? '' : '250-STARTTLS\r\n'}250 8BITMIME\r\n`);
        else if (word === 'QUIT') socket.end('221 bye\r\n');
        else if (word !== 'STARTTLS') socket.write('502 not implemented\r\n');
      }
    };
    socket.on('data', listen);
  });
}

/** Whether TLS has begun. */
function startTls(socket: Socket, behaviour: StarttlsBehaviour, secureContext: SecureContext): boolean {
  if (behaviour === 'hang') return false;
  if (behaviour === 'not offered') socket.write('502 not implemented\r\n');
  if (behaviour === 'refused') socket.write('454 TLS not available\r\n');
  if (behaviour === 'not offered' || behaviour === 'refused') return false;
  // What comes in the same packet was not said by the server that TLS would prove (CVE-2011-0411).
  socket.write(behaviour === 'good' ? '220 go ahead\r\n' : '220 go ahead\r\n250 said by somebody else\r\n');
  const secure = new TLSSocket(socket, { isServer: true, secureContext });
  secure.on('error', () => socket.destroy()).resume();
  return true;
}
