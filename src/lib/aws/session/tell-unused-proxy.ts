import { unusedProxy } from '../../net/proxy.ts';
import type { SessionSettings } from './session.ts';

/** Says so where a proxy is wanted for EC2 and this Node cannot use one. */
export async function tellUnusedProxy(
  { proxies, endpoint, log }: Pick<SessionSettings, 'proxies' | 'endpoint' | 'log'>,
  Agent?: Parameters<typeof unusedProxy>[2],
): Promise<void> {
  if (proxies === undefined) return;
  const protocol = endpoint('EC2')?.startsWith('http:') === true ? 'http:' : 'https:';
  const message = unusedProxy(proxies, protocol, Agent ?? (await import('node:https')).Agent);
  if (message !== undefined) log.warn(message);
}
