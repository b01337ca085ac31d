import { type CpuCounters, readCpuCounters } from './cpu.ts';
import { type IoCounters, readIoCounters } from './io.ts';
import { type NetworkCounters, readNetworkCounters } from './network.ts';
import { noteError, type Probe } from './probe.ts';
import { type ProcessCounters, readProcessCounters } from './process-counters.ts';
import type { SectionName } from './report.ts';

/** What only grows, at one moment: two of them make rates. */
export interface Counters {
  /** In seconds, of a clock that nobody sets. */
  at: number;
  cpu?: CpuCounters;
  io?: IoCounters;
  network?: NetworkCounters;
  processes?: ProcessCounters;
}

/** Reads the counters of the wanted sections. What cannot be read is noted and left out. */
export function readCounters(probe: Probe, wanted: ReadonlySet<SectionName>, at: number): Counters {
  const counters: Counters = { at };
  const read = <Value>(section: SectionName, reader: (probe: Probe) => Value): Value | undefined => {
    if (!wanted.has(section)) return undefined;
    try {
      return reader(probe);
    } catch (error) {
      noteError(probe, section, error);
      return undefined;
    }
  };
  const cpu = read('cpu', readCpuCounters);
  const io = read('io', readIoCounters);
  const network = read('network', readNetworkCounters);
  const processes = read('processes', readProcessCounters);
  if (cpu !== undefined) counters.cpu = cpu;
  if (io !== undefined) counters.io = io;
  if (network !== undefined) counters.network = network;
  if (processes !== undefined) counters.processes = processes;
  return counters;
}
