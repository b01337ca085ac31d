import { closeSync, openSync, readSync } from 'node:fs';
import type { Probe } from './probe.ts';

/** What one of /proc/net/{tcp,tcp6,udp,udp6} holds. */
export interface SocketTable {
  /** Number of sockets by the kernel's state number (`enum` in `include/net/tcp_states.h`, the same for UDP). */
  states: number[];
  /** Lines that are no sockets: the heading is one. */
  broken: number;
  /** Local ends in the wanted state as the file writes them, such as `0100007F:1F90`; each once. */
  ends: Set<string>;
}

/** Numbers of `include/net/tcp_states.h`. An unconnected UDP socket is in state `close`. */
export const socketState = { established: 1, timeWait: 6, close: 7, closeWait: 8, listen: 10 } as const;

/**
 * A read of such a file ends early only at its end, or where the next line does not fit into the kernel's page: whoever
 * got less than a page less the longest line has it all. Asking once more would have the kernel walk through its whole
 * hash of sockets again, for a millisecond.
 */
const shortRead = 4096 - 512;

/** Undefined when the kernel has no such table (IPv6 is off). Throws when it cannot be read. */
export function readSocketTable(probe: Probe, path: string, wantedState: number): SocketTable | undefined {
  let file: number;
  try {
    file = openSync(probe.root + path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const table = emptyTable();
  try {
    // A busy proxy has hundreds of thousands of lines of 150 bytes, so the file is never held as a whole.
    const buffer = Buffer.allocUnsafe(65_536);
    let rest = 0;
    for (;;) {
      const length = readSync(file, buffer, rest, buffer.length - rest, null);
      if (length === 0) break;
      const filled = rest + length;
      const used = countSockets(buffer.subarray(0, filled), table, wantedState);
      buffer.copyWithin(0, used, filled);
      rest = filled - used;
      if (length < shortRead) break;
      if (rest === buffer.length) throw new SyntaxError(`${path} has a line longer than ${buffer.length} bytes`);
    }
  } finally {
    closeSync(file);
  }
  if (table.broken > 1) throw new SyntaxError(`${path} has ${table.broken - 1} lines that are no sockets`);
  return table;
}

export function emptyTable(): SocketTable {
  return { states: Array.from({ length: 16 }, () => 0), broken: 0, ends: new Set() };
}

/**
 * Counts the whole lines of `bytes` into the table and returns how many bytes they were. proc_net_tcp(5): a line is
 * `   0: 0100007F:1F90 00000000:0000 0A ...`, so behind the first colon everything has its fixed place.
 */
export function countSockets(bytes: Buffer, table: SocketTable, wantedState: number): number {
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1) return start;
    const local = bytes.indexOf(0x3a, start) + 2;
    const port = bytes.indexOf(0x3a, local);
    const digits = port - local;
    const at = port + 5 + 1 + digits + 5 + 1;
    const state = hexDigit(bytes[at]) * 16 + hexDigit(bytes[at + 1]);
    if (local >= 2 && (digits === 8 || digits === 32) && at + 1 < end && state < table.states.length) {
      table.states[state]! += 1;
      if (state === wantedState) table.ends.add(bytes.toString('latin1', local, port + 5));
    } else {
      table.broken += 1;
    }
    start = end + 1;
  }
}

/** NaN for anything else, so that a broken line is in no state. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return NaN;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  return byte >= 0x41 && byte <= 0x46 ? byte - 0x37 : NaN;
}
