import { readFileSync } from 'node:fs';
import { addressFamily } from './address-family.ts';
import type { Address } from './address.ts';

/** The names of a hosts file, hosts(5), in lower case; empty when it cannot be read, as for getaddrinfo(3). */
export function readHostsFile(path: string): ReadonlyMap<string, readonly Address[]> {
  const hosts = new Map<string, Address[]>();
  for (const line of textOf(path).split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = familyOf(address!);
    if (family === 0) continue;
    for (const name of names) {
      const known = hosts.get(name.toLowerCase()) ?? [];
      known.push({ address: address!, family: family === 6 ? 6 : 4 });
      hosts.set(name.toLowerCase(), known);
    }
  }
  return hosts;
}

/** Not net.isIP for `::1 localhost`, the line that every system has: its regular expression costs 7 ms to compile. */
function familyOf(address: string): 0 | 4 | 6 {
  if (!address.includes(':')) return addressFamily(address);
  return /^[\da-f:.]+(?:%.+)?$/i.test(address) ? 6 : 0;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
