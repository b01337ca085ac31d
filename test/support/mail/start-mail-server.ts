import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { rawMailServer } from './raw-mail-server.ts';
import { refusedPort } from '../tls/raw-server.ts';

/** One message that the server has answered with 250. */
export interface ReceivedMail {
  from: string;
  to: string[];
  /** As it came over the wire, without the dots of RFC 5321 4.5.2. */
  raw: Buffer;
  /** Whether it came over TLS. */
  secure: boolean;
  user?: string | undefined;
}

export interface MailServerOptions {
  /**
   * `silent` takes the connection and never says a word. `slow-drip` sends one byte of a greeting that never ends every
   * 300 ms. `late-drip` is a mail server until the message is there, then its answer drips for ever. `hang-up` ends each
   * connection at once. `down`: nothing listens at the port. Default ok.
   */
  mode?: 'ok' | 'silent' | 'slow-drip' | 'late-drip' | 'hang-up' | 'down';
  /** Such as that of a server which was down. Default one that is free. */
  port?: number;
  /** Default none. `starttls` offers it; a client that does not take it may send nevertheless. */
  tls?: 'none' | 'starttls' | 'implicit';
  /** PEM texts. Default: one that nobody trusts, issued for localhost by itself. */
  certificate?: { key: string; cert: string };
  /** Who may send; nobody else may. Without it nobody has to say who he is. */
  auth?: { user: string; password: string };
  /** Answer 451 to this many messages first. */
  deferFirst?: number;
  /** What is answered where to whom; the text after the code is free. */
  refuse?: {
    /** Answer to RCPT TO, by address. */
    recipients?: Readonly<Record<string, number>>;
    /** Answer to the end of every message. */
    data?: number;
    sender?: number;
  };
  /** What EHLO announces as the longest message, in bytes. */
  maximumBytes?: number;
  /** Time before a message is answered, for what happens in between. */
  delayMilliseconds?: number;
}

export interface MailServer {
  host: string;
  port: number;
  /** In the order of their answers. */
  received: readonly ReceivedMail[];
  /** Connections so far. */
  connections(): number;
  /** Ends it with all connections; more than once does no harm. */
  close(): Promise<void>;
}

/** A mail server at 127.0.0.1 that behaves as told. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mode = options.mode ?? 'ok';
  const received: ReceivedMail[] = [];
  if (mode === 'down') {
    const port = options.port ?? (await refusedPort());
    return { host: '127.0.0.1', port, received, connections: () => 0, close: () => Promise.resolve() };
  }
  if (mode !== 'ok') return rawMailServer(mode, options.port ?? 0);

  let connections = 0;
  let deferred = 0;
  const { auth, refuse = {}, certificate } = options;
  const server = new SMTPServer({
    disableReverseLookup: true,
    closeTimeout: 1,
    secure: options.tls === 'implicit',
    ...certificate,
    authOptional: auth === undefined,
    allowInsecureAuth: true,
    disabledCommands: [
      ...(options.tls === undefined || options.tls === 'none' ? ['STARTTLS'] : []),
      ...(auth === undefined ? ['AUTH'] : []),
    ],
    ...(options.maximumBytes === undefined ? {} : { size: options.maximumBytes }),
    onConnect(_session, answer) {
      connections += 1;
      answer();
    },
    onAuth({ username, password }, _session, answer) {
      if (auth !== undefined && username === auth.user && password === auth.password) answer(null, { user: username });
      else answer(refusal(535, '5.7.8 authentication failed'));
    },
    onMailFrom(_address, _session, answer) {
      answer(refuse.sender === undefined ? null : refusal(refuse.sender, 'this sender is not wanted'));
    },
    onRcptTo({ address }, _session, answer) {
      const code = refuse.recipients?.[address];
      answer(code === undefined ? null : refusal(code, `no such recipient here: ${address}`));
    },
    onData(stream, session, answer) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        setTimeout(() => {
          if (stream.sizeExceeded) return answer(refusal(552, 'too much'));
          if (deferred < (options.deferFirst ?? 0)) {
            deferred += 1;
            return answer(refusal(451, '4.3.0 try again later'));
          }
          if (refuse.data !== undefined) return answer(refusal(refuse.data, 'this message is not wanted'));
          received.push(receivedIn(session, Buffer.concat(chunks)));
          return answer(null, `queued as ${received.length}`);
        }, options.delayMilliseconds ?? 0);
      });
    },
  } satisfies SMTPServerOptions);
  // A client that leaves in the middle is no fault of the server.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const bound = server.server.address();
  if (typeof bound !== 'object' || bound === null) throw new Error('a mail server without a port');
  let closing: Promise<void> | undefined;
  return {
    host: '127.0.0.1',
    port: bound.port,
    received,
    connections: () => connections,
    close: () => (closing ??= new Promise((resolve) => server.close(() => resolve()))),
  };
}

function receivedIn(session: SMTPServerSession, raw: Buffer): ReceivedMail {
  const { mailFrom, rcptTo } = session.envelope;
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    raw,
    secure: session.secure,
    user: session.user,
  };
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
