import { startChild } from './child-server.ts';
import type { TestServer } from './test-server.ts';
import type { Issued } from './workshop.ts';

/**
 * `openssl s_server` on 127.0.0.1 with these options, such as `-tls1` or `-Verify 1`. It serves one connection after
 * the other, and everything that OpenSSL would rather not (`@SECLEVEL=0`) is allowed.
 */
export async function startOpensslServer(
  leaf: Issued,
  words: readonly string[] = [],
  ciphers = 'ALL',
): Promise<TestServer> {
  const certificate = ['-cert', leaf.certificateFile, '-key', leaf.keyFile, '-cipher', `${ciphers}:@SECLEVEL=0`];
  // -www keeps its hands off standard input.
  const server = startChild('openssl', ['s_server', '-accept', '127.0.0.1:0', '-www', ...certificate, ...words]);
  const [, port] = await server.printed(/^ACCEPT \S+:(\d+)$/m);
  return { port: Number(port), close: server.close };
}
