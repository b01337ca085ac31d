import { Agent } from 'node:https';
import { expect, test } from 'vitest';
import { knowsProxies, proxiesOf, unusedProxy } from '../../../src/lib/net/proxy.ts';

class OldAgent {
  destroy(): void {}
}

test('a proxy may be written without http://; one that is none is an error without its text', () => {
  expect(proxiesOf({ HTTPS_PROXY: 'proxy.test:3128' })).toEqual({ HTTPS_PROXY: 'http://proxy.test:3128/' });
  expect(proxiesOf({ NO_PROXY: 'localhost', HTTP_PROXY: '' })).toBeUndefined();
  for (const url of ['http://me:secret@no host', 'socks5://me:secret@proxy']) {
    expect(() => proxiesOf({ HTTPS_PROXY: url })).toThrow(/^HTTPS_PROXY is no URL of http or https$/);
  }
});

test('NO_PROXY names a host and all below it', () => {
  const proxies = { http_proxy: 'http://proxy:3128', no_proxy: 'amazonaws.com,.internal,*' };
  expect(proxiesOf(proxies)).toMatchObject({ NO_PROXY: 'amazonaws.com,.amazonaws.com,.internal,*' });
});

test('a Node that cannot use a proxy is told from one that can', () => {
  expect([knowsProxies(Agent), knowsProxies(OldAgent)]).toEqual([true, false]);
  const proxies = { HTTP_PROXY: 'http://proxy:3128' };
  expect(unusedProxy(proxies, 'http:', OldAgent)).toBe('HTTP_PROXY is not used: that needs Node 22.21, or 24.5');
  expect(unusedProxy(proxies, 'https:', OldAgent)).toBeUndefined();
  expect(unusedProxy(undefined, 'http:', OldAgent)).toBeUndefined();
  expect(unusedProxy(proxies, 'http:', Agent)).toBeUndefined();
});
