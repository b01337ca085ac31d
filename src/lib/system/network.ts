import type { NetworkInterfaceInfo } from 'node:os';
import { printable } from '../text/printable.ts';
import { wholeNumber } from './kernel-text.ts';
import { readSockets } from './listeners.ts';
import { readOptional } from './probe.ts';
import type { Probe } from './probe.ts';
import { readNoted } from './read-noted.ts';
import type { Conntrack, NetworkInterface, NetworkSection } from './report-network.ts';

/** The network interfaces at one moment, by name, in the order of the kernel. */
export type NetworkCounters = Map<string, InterfaceCounters>;

export type InterfaceCounters = Pick<
  NetworkInterface,
  | 'received_bytes'
  | 'sent_bytes'
  | 'received_packets'
  | 'sent_packets'
  | 'receive_errors'
  | 'send_errors'
  | 'receive_drops'
  | 'send_drops'
>;

/** What `os.networkInterfaces()` gives. */
export type InterfaceAddresses = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Undefined on a kernel without network. Throws when /proc/net/dev cannot be read. */
export function readNetworkCounters(probe: Probe): NetworkCounters | undefined {
  const text = readOptional(probe, '/proc/net/dev');
  return text === undefined ? undefined : parseNetDev(text);
}

/** proc_net_dev(5): two lines of heading, then `name: 8 receive counters, 8 send counters`. Throws a SyntaxError for anything else. */
export function parseNetDev(text: string): NetworkCounters {
  if (!text.startsWith('Inter-|')) throw new SyntaxError('/proc/net/dev has no heading');
  const counters: NetworkCounters = new Map();
  for (const line of text.split('\n').slice(2)) {
    // A name may hold colons (`eth0:1` of old kernels) and a long counter may follow the last one without a space.
    const colon = line.lastIndexOf(':');
    if (line === '') continue;
    const name = line.slice(0, Math.max(0, colon)).trim();
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    if (colon === -1 || fields.length < 16 || !fields.every(Number.isFinite)) {
      throw new SyntaxError(`/proc/net/dev: no counters for ${printable(name)}`);
    }
    counters.set(name, {
      received_bytes: fields[0]!,
      received_packets: fields[1]!,
      receive_errors: fields[2]!,
      receive_drops: fields[3]!,
      sent_bytes: fields[8]!,
      sent_packets: fields[9]!,
      send_errors: fields[10]!,
      send_drops: fields[11]!,
    });
  }
  return counters;
}

/** Rates need the second look and the seconds between; the totals are those of the last look. */
export function networkSection(
  probe: Probe,
  first: NetworkCounters,
  second: NetworkCounters | undefined,
  seconds: number,
  addresses: InterfaceAddresses,
): NetworkSection {
  const cidrs = addressesByInterface(addresses);
  const interfaces: NetworkInterface[] = [];
  for (const [name, last] of second ?? first) {
    const before = second && first.get(name);
    interfaces.push({
      name: printable(name),
      ...readLink(probe, name),
      addresses: cidrs.get(name) ?? [],
      ...last,
      ...(before && seconds > 0 && ratesBetween(before, last, seconds)),
    });
  }
  const conntrack = readConntrack(probe);
  return { interfaces, ...readSockets(probe), ...(conntrack && { conntrack }) };
}

/** An address with a label (`ip addr add ... label eth0:1`) is listed under its label and belongs to the interface before the colon. */
function addressesByInterface(addresses: InterfaceAddresses): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const [label, entries] of Object.entries(addresses)) {
    const name = label.split(':', 1)[0]!;
    const known = byName.get(name) ?? [];
    for (const { address, cidr } of entries ?? []) known.push(cidr ?? address);
    byName.set(name, known);
  }
  return byName;
}

/** /sys/class/net (kernel `Documentation/ABI/testing/sysfs-class-net`). Interfaces without it (gVisor) are in state `unknown`. */
function readLink(
  probe: Probe,
  name: string,
): Pick<NetworkInterface, 'state' | 'mac' | 'mtu' | 'speed_bits_per_second'> {
  const attribute = (file: string): string | undefined =>
    readNoted(probe, 'network', `/sys/class/net/${name}/${file}`)?.trim();
  const mac = attribute('address');
  const mtu = wholeNumber(attribute('mtu'));
  // In Mbit/s. A link without a speed answers EINVAL or -1, or the same -1 without its sign.
  const speed = wholeNumber(attribute('speed'));
  return {
    state: printable(attribute('operstate') || 'unknown'),
    ...(mac !== undefined && /[1-9a-f]/.test(mac) && { mac: printable(mac) }),
    ...(mtu !== undefined && { mtu }),
    ...(speed !== undefined && speed > 0 && speed < 0xffff_ffff && { speed_bits_per_second: speed * 1e6 }),
  };
}

/** Empty when a counter went back: the interface was made anew. */
function ratesBetween(before: InterfaceCounters, last: InterfaceCounters, seconds: number): Partial<NetworkInterface> {
  const passed = (key: keyof InterfaceCounters): number => last[key] - before[key];
  const rates = {
    received_bytes_per_second: passed('received_bytes') / seconds,
    sent_bytes_per_second: passed('sent_bytes') / seconds,
    errors_per_second: (passed('receive_errors') + passed('send_errors')) / seconds,
    drops_per_second: (passed('receive_drops') + passed('send_drops')) / seconds,
  };
  return Object.values(rates).some((rate) => rate < 0) ? {} : rates;
}

/** Fill of the connection tracking table (`nf_conntrack-sysctl.rst`): when it is full, new connections are dropped. */
function readConntrack(probe: Probe): Conntrack | undefined {
  const read = (file: string): number | undefined =>
    wholeNumber(readNoted(probe, 'network', `/proc/sys/net/netfilter/${file}`));
  const entries = read('nf_conntrack_count');
  const limit = read('nf_conntrack_max');
  // A limit of 0 means none.
  if (entries === undefined || limit === undefined || limit === 0) return undefined;
  return { entries, limit, used_pct: (entries / limit) * 100 };
}
