import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Request {
  message: IncomingMessage;
  body: Buffer;
}

/** What is sent back, and how it is spoilt on the way. */
export interface Answer {
  status: number;
  type: string;
  text: string;
  requestId: string;
  spoilt?: 'truncate' | 'cut' | 'reset' | 'hang' | undefined;
}

export interface ServerOptions {
  /** Pieces in which an answer is written, in bytes; default in one. */
  pieceBytes?: number | undefined;
  /** The clock of the Date header. */
  date: () => Date;
}

/** An HTTP server on 127.0.0.1 that reads each request whole and sends the answer of `handle`. */
export async function serve(handle: (request: Request) => Promise<Answer>, options: ServerOptions) {
  const failures: unknown[] = [];
  const server = createServer({ keepAliveTimeout: 30_000 }, (message, response) => {
    response.on('error', () => undefined);
    void readBody(message)
      .then(async (body) => send(await handle({ message, body }), message, response, options))
      .catch((error: unknown) => {
        // A client that has gone away is its own affair; anything else is a fault of the twin.
        if (!message.destroyed || !message.readableAborted) failures.push(error);
        message.socket.destroy();
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    failures,
    async stop(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > 4_000_000) throw new RangeError('a request of more than 4 MB');
  }
  return Buffer.concat(chunks);
}

async function send(
  answer: Answer,
  message: IncomingMessage,
  response: ServerResponse,
  { pieceBytes, date }: ServerOptions,
): Promise<void> {
  const { socket } = message;
  if (answer.spoilt === 'hang') return;
  if (answer.spoilt === 'reset') return void socket.resetAndDestroy();
  let body: Buffer = Buffer.from(answer.text);
  if (answer.spoilt === 'truncate') body = body.subarray(0, Math.floor(body.length / 2));
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': body.length,
    'x-amzn-requestid': answer.requestId,
    date: date().toUTCString(),
    server: 'AmazonEC2',
  });
  if (answer.spoilt === 'cut') {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => socket.destroy());
    return;
  }
  if (pieceBytes === undefined) return void response.end(body);
  for (let start = 0; start < body.length && !response.destroyed; start += pieceBytes) {
    if (!response.write(body.subarray(start, start + pieceBytes))) await delay(1);
  }
  response.end();
}
