import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, request as send } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTargets } from '../../../../src/lib/aws/open-targets.ts';
import { tellUnusedProxy } from '../../../../src/lib/aws/session/tell-unused-proxy.ts';
import { type Issued, openWorkshop } from '../../../support/tls/workshop.ts';
import { answering, silent, staticKeys, sts, targetRequest } from './answering.ts';

const workshop = openWorkshop('proxy');
let leaf: Issued;
beforeAll(async () => {
  leaf = await workshop.leaf({ commonName: 'sts.test', names: ['sts.test', 'localhost'] });
});
afterAll(() => workshop.close());

async function listening(server: Server) {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that takes whole URLs and CONNECT, and sends everything to one place. */
async function proxying(port: number, refusal?: string) {
  const asked: string[] = [];
  const proxy = createHttpServer((question, response) => {
    asked.push(`${question.method} ${question.url}`);
    const { method, headers } = question;
    const onward = send({ host: '127.0.0.1', port, method, path: '/', headers }, (answer) => answer.pipe(response));
    question.pipe(onward.on('error', () => response.destroy()));
  });
  proxy.on('connect', ({ url, headers }, socket) => {
    asked.push(`CONNECT ${url}${headers['proxy-authorization'] === undefined ? '' : ' with a password'}`);
    socket.on('error', () => undefined);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
      return;
    }
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  const proxyPort = await listening(proxy);
  return {
    address: `127.0.0.1:${proxyPort}`,
    asked,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/** The account, as STS tells it. */
async function ask(env: Record<string, string>): Promise<string> {
  const request = targetRequest({ ...staticKeys, AWS_MAX_ATTEMPTS: '1', ...env }, { regions: ['eu-west-1'] });
  const [target] = await openTargets(request);
  try {
    return await target!.accountId();
  } finally {
    target!.close();
  }
}

test('a request to an endpoint of http goes through HTTP_PROXY', async () => {
  await using server = await answering(sts);
  await using proxy = await proxying(Number(new URL(server.url).port));
  const env = { AWS_ENDPOINT_URL: 'http://sts.test', http_proxy: `http://${proxy.address}` };
  expect(await ask(env)).toBe('111122223333');
  expect(proxy.asked).toEqual(['POST http://sts.test/']);
});

test('a request to an endpoint of https goes through HTTPS_PROXY, and the certificate is still looked at', async () => {
  const server = createTlsServer(
    { key: readFileSync(leaf.keyFile), cert: readFileSync(leaf.certificateFile) },
    (_, response) => {
      response.end(
        '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
    },
  );
  const port = await listening(server);
  try {
    await using proxy = await proxying(port);
    const env = { AWS_ENDPOINT_URL: 'https://sts.test', HTTPS_PROXY: `http://me:secret@${proxy.address}` };
    expect(await ask({ ...env, AWS_CA_BUNDLE: leaf.certificateFile })).toBe('111122223333');
    expect(proxy.asked).toEqual(['CONNECT sts.test:443 with a password']);
    await expect(ask(env)).rejects.toThrow('the certificate of sts.test is not trusted');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('what NO_PROXY names is asked without one, and all below it', async () => {
  await using server = await answering(sts);
  const local = server.url.replace('127.0.0.1', 'localhost');
  const env = { HTTP_PROXY: 'http://127.0.0.1:1', AWS_ENDPOINT_URL: local };
  expect(await ask({ ...env, NO_PROXY: 'example.com, localhost' })).toBe('111122223333');
  await expect(ask(env)).rejects.toThrow('refuses the connection');
});

test('a proxy that opens no way is named as the cause, without its password', async () => {
  await using proxy = await proxying(1, '407 Proxy Authentication Required');
  const env = { AWS_ENDPOINT_URL: 'https://sts.test', https_proxy: `http://me:secret@${proxy.address}` };
  const failure = (await ask(env).catch((error: unknown) => error)) as Error;
  expect(failure.message).toContain('GetCallerIdentity in eu-west-1: the proxy opens no way to sts.test');
  expect(failure.message).toContain('407');
  expect(failure.message).not.toContain('secret');
});

test('a Node that cannot use a proxy says so, once there is one', async () => {
  class OldAgent {
    destroy(): void {}
  }
  const told: string[] = [];
  const log = { ...silent, warn: (line: string) => void told.push(line) };
  const proxies = { HTTPS_PROXY: 'http://proxy:3128' };
  await tellUnusedProxy({ proxies, endpoint: () => undefined, log }, OldAgent);
  expect(told).toEqual(['HTTPS_PROXY is not used: that needs Node 22.21, or 24.5']);
  await tellUnusedProxy({ proxies, endpoint: () => 'http://127.0.0.1:4566', log }, OldAgent);
  await tellUnusedProxy({ proxies: undefined, endpoint: () => undefined, log }, OldAgent);
  await tellUnusedProxy({ proxies, endpoint: () => undefined, log });
  expect(told).toHaveLength(1);
});
