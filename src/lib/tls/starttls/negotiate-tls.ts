import type { Socket } from 'node:net';
import { converse, type Conversation } from './conversation.ts';
import { foreignProtocol, type PlainProtocol } from './foreign-protocol.ts';
import { startFtp } from './ftp.ts';
import { startImap } from './imap.ts';
import { startLdap } from './ldap.ts';
import { startMysql } from './mysql.ts';
import { startPop3 } from './pop3.ts';
import { startPostgres } from './postgres.ts';
import { startSmtp } from './smtp.ts';

type Script = (conversation: Conversation, options: { clientName: string }) => Promise<void>;

const scripts: Readonly<Record<PlainProtocol, Script>> = {
  smtp: startSmtp,
  imap: startImap,
  pop3: startPop3,
  ftp: startFtp,
  ldap: startLdap,
  postgres: startPostgres,
  mysql: startMysql,
};

/**
 * Brings a server that begins in plain text to the point where the TLS handshake starts. Afterwards the connected socket
 * has no listener of ours, is paused and has nothing read ahead: `tls.connect({ socket })` can follow at once.
 *
 * The caller owns the socket: it has a listener for 'error' on it all along, and destroys it when this rejects.
 *
 * `clientName` is how we call ourselves to a mail server, `serverName` how hints call the server. There is no clock in
 * here but the signal's: a server may stay silent, or drip, until then.
 *
 * @throws {ProbeFailure} `starttls-not-offered`: the server says no; `not-tls`: it speaks something else, or goes on in
 * plain text; `reset`: the connection was lost in between. The signal's reason when it is aborted.
 */
export function negotiateTls(
  socket: Socket,
  protocol: PlainProtocol,
  options: { clientName: string; serverName: string; signal: AbortSignal },
): Promise<void> {
  const { clientName, serverName, signal } = options;
  const peer = { protocol, serverName, port: socket.remotePort };
  const foreign = (bytes: Buffer) => foreignProtocol(bytes, peer);
  return converse(socket, { signal, foreign }, (conversation) => scripts[protocol](conversation, { clientName }));
}
