import { startBlackholes } from '../net/blackhole.ts';
import type { TestServer } from './test-server.ts';

/** A port whose SYNs are dropped without an answer, as behind a firewall. */
export async function startBlackhole(): Promise<TestServer> {
  const { endpoints, stop } = await startBlackholes(1);
  return { port: endpoints[0]!.port, close: stop };
}
