import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../../../../src/lib/log/logger.ts';
import type { TargetRequest } from '../../../../src/lib/aws/open-targets.ts';

export interface Asked {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  /** Of a form: `Action`, `Version` and the rest. */
  form: URLSearchParams;
}

export interface Answering {
  url: string;
  /** Every request, the oldest first. */
  asked: readonly Asked[];
  openSockets(): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A server on 127.0.0.1 whose answers the test writes. */
export async function answering(answer: (asked: Asked, response: ServerResponse) => void): Promise<Answering> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('error', () => {});
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, form: new URLSearchParams(body) };
      asked.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    openSockets: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** STS that knows everybody: it says who asked, and gives keys named after the role. */
export function sts({ form, headers }: Asked, response: ServerResponse): void {
  const action = form.get('Action')!;
  const key = /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? 'nobody';
  const role = form.get('RoleArn')?.replace(/.*\//, '');
  const keys = `<Credentials><AccessKeyId>${role}-for-${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`;
  const result = action === 'GetCallerIdentity' ? `<Account>111122223333</Account><UserId>${key}</UserId>` : keys;
  response.end(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export const staticKeys = { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'env-secret' };

/** A request that knows nothing but `env`: no home, no waiting. */
export function targetRequest(env: Record<string, string>, rest: Partial<TargetRequest> = {}): TargetRequest {
  return {
    regions: [],
    profiles: [],
    env: { AWS_EC2_METADATA_DISABLED: 'true', ...env },
    signal: new AbortController().signal,
    log: silent,
    homeDirectory: () => '/nonexistent',
    pause: () => Promise.resolve(),
    monotonic: () => 0,
    ...rest,
  };
}
