import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface TakenRequest {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface HookServer extends AsyncDisposable {
  url: string;
  host: string;
  taken: readonly TakenRequest[];
}

/** What is answered to one request; the last one is answered to all that come after it. */
export type HookAnswer = [status: number, body?: string, headers?: Record<string, string>] | RequestListener;

/** A server on 127.0.0.1 that keeps what it was sent and gives these answers in turn. */
export async function startHookServer(
  answers: readonly HookAnswer[],
  tls?: { key: string | Buffer; cert: string | Buffer },
): Promise<HookServer> {
  const taken: TakenRequest[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const answer = answers[Math.min(taken.length, answers.length - 1)]!;
      const { method, url, headers } = request;
      taken.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
      if (typeof answer === 'function') answer(request, response);
      else response.writeHead(answer[0], answer[2]).end(answer[1] ?? '');
    });
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `${tls === undefined ? 'http' : 'https'}://${host}/hooks/s3cret-path?key=s3cret-key`,
    taken,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
