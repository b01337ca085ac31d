import { createAuthority, type Authority } from './authority.ts';
import type { Site } from './nginx.ts';

export interface Endpoint {
  /** IPv4. */
  address: string;
  port: number;
}

/** Servers to be, each with an address and a certificate of its own, under one intermediate and one root. */
export interface Estate {
  authority: Authority;
  sites: Site[];
  endpoints: Endpoint[];
}

/** `count` addresses of 127.1.0.0/16 and the following, each with a server on every one of `ports`. */
export function createEstate(count: number, ports: readonly number[]): Estate {
  const authority = createAuthority();
  const addresses = Array.from({ length: count }, (_, index) => loopbackAddress(index));
  const sites = addresses.map((address, index) => ({
    listen: ports.map((port) => `${address}:${port}`),
    identity: authority.issue({
      commonName: `endpoint-${index + 1}.bench.test`,
      dnsNames: [`endpoint-${index + 1}.bench.test`],
      addresses: [address],
      days: 90,
    }),
  }));
  return { authority, sites, endpoints: ports.flatMap((port) => addresses.map((address) => ({ address, port }))) };
}

/** 127.1.0.1, 127.1.0.2, ... Linux answers on all of 127.0.0.0/8 without further ado. */
function loopbackAddress(index: number): string {
  const number = 0x7f010001 + index;
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');
}

/** One `address:port` a line. */
export function hostsFile(endpoints: readonly Endpoint[]): string {
  return endpoints.map(({ address, port }) => `${address}:${port}\n`).join('');
}
