import { endianness } from 'node:os';
import { noteError } from './probe.ts';
import type { Probe } from './probe.ts';
import { readNoted } from './read-noted.ts';
import type { Listener, NetworkSection, TcpStates } from './report-network.ts';
import { emptyTable, readSocketTable, socketState } from './socket-table.ts';
import type { SocketTable } from './socket-table.ts';

/**
 * Listening sockets and the states of TCP connections. A UDP socket counts as listening while it is not connected.
 * `::` and `0.0.0.0` on one port are two sockets and two listeners; a single `::` may take IPv4 as well.
 * Fields are absent where the kernel has no tables. A table that cannot be read is noted, and then there are no counts:
 * those of one protocol alone would look like all.
 */
export function readSockets(probe: Probe): Pick<NetworkSection, 'listeners' | 'tcp'> {
  let whole = true;
  const isEmpty = emptyProtocols(probe);
  const read = (names: readonly string[], state: number): SocketTable[] =>
    names.flatMap((name) => {
      const path = `/proc/net/${name}`;
      if (isEmpty(name)) return emptyTable();
      try {
        return readSocketTable(probe, path, state) ?? [];
      } catch (error) {
        noteError(probe, 'network', error, path);
        whole = false;
        return [];
      }
    });
  const tcp = read(['tcp', 'tcp6'], socketState.listen);
  const tcpWhole = whole;
  const udp = read(['udp', 'udp6'], socketState.close);
  return {
    ...(tcp.length + udp.length > 0 && { listeners: [...listenersOf('tcp', tcp), ...listenersOf('udp', udp)] }),
    ...(tcp.length > 0 && tcpWhole && { tcp: sumStates(tcp) }),
  };
}

/**
 * Which protocols have no socket at all by /proc/net/sockstat. It costs nothing to read, and each table of TCP over a
 * millisecond, because the kernel walks a hash of up to half a million places for it. A connection in time-wait is
 * counted apart, for both families together.
 */
function emptyProtocols(probe: Probe): (name: string) => boolean {
  const statistics = ['sockstat', 'sockstat6']
    .map((file) => readNoted(probe, 'network', `/proc/net/${file}`) ?? '')
    .join('');
  const noneWaits = /^TCP: .*\btw 0\b/m.test(statistics);
  // The line of UDPLITE begins with other letters, that of UDP6 is in the other file.
  return (name) =>
    (noneWaits || name.startsWith('udp')) && new RegExp(`^${name.toUpperCase()}: inuse 0\\b`, 'm').test(statistics);
}

function listenersOf(protocol: Listener['protocol'], tables: readonly SocketTable[]): Listener[] {
  const listeners = tables.flatMap((table) => [...table.ends].map((end) => ({ protocol, ...parseEnd(end) })));
  return listeners.toSorted((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1));
}

function sumStates(tables: readonly SocketTable[]): TcpStates {
  const count = (state: number): number => tables.reduce((sum, table) => sum + table.states[state]!, 0);
  const { established, timeWait, closeWait, listen } = socketState;
  const named: number[] = [established, timeWait, closeWait, listen];
  const all = tables.flatMap((table) => table.states.filter((_, state) => !named.includes(state)));
  return {
    established: count(established),
    time_wait: count(timeWait),
    close_wait: count(closeWait),
    listen: count(listen),
    other: all.reduce((sum, sockets) => sum + sockets, 0),
  };
}

/**
 * One end such as `0100007F:1F90`. The kernel writes the address as 32-bit words of its own byte order although they
 * are in network order in memory: on a little-endian machine the bytes of each word stand in reverse.
 */
export function parseEnd(end: string, order = endianness()): { address: string; port: number } {
  const [hex = '', port = ''] = end.split(':');
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    const four = [0, 2, 4, 6].map((at) => Number.parseInt(hex.slice(word + at, word + at + 2), 16));
    bytes.push(...(order === 'LE' ? four.toReversed() : four));
  }
  return { address: bytes.length === 4 ? bytes.join('.') : formatIpv6(bytes), port: Number.parseInt(port, 16) };
}

/** RFC 5952: the longest run of two or more zero groups is `::`, the first of equals; mapped IPv4 keeps its dots. */
export function formatIpv6(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, group) => bytes[2 * group]! * 256 + bytes[2 * group + 1]!);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${bytes.slice(12).join('.')}`;
  }
  let longest = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > longest.length) longest = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (longest.length === 1) return hex.join(':');
  return `${hex.slice(0, longest.start).join(':')}::${hex.slice(longest.start + longest.length).join(':')}`;
}
