import { hostname, machine, networkInterfaces } from 'node:os';
import { pause } from '../time/pause.ts';
import { cgroupSection } from './cgroup.ts';
import { containersSection } from './containers.ts';
import { type Counters, readCounters } from './counters.ts';
import { cpuSection } from './cpu.ts';
import { disksSection } from './disks.ts';
import { effectiveCores, readAffinity } from './effective-cores.ts';
import { ioSection } from './io.ts';
import { memorySection } from './memory.ts';
import { networkSection } from './network.ts';
import { hostName, osSection } from './os.ts';
import { createProbe, noteError, type Probe } from './probe.ts';
import { processesSection } from './processes.ts';
import type { CgroupSection } from './report-resources.ts';
import type { SectionName, SysinfoReport } from './report.ts';
import { sensorsSection } from './sensors.ts';
import { servicesSection } from './services.ts';
import { updatesSection } from './updates.ts';
import { readUserNames } from './user-names.ts';
import { usersSection } from './users.ts';

export interface CollectOptions {
  sections: readonly SectionName[];
  /** Sections somebody asked for by name: what is hidden in them is missed. A rule tells by itself what it misses. */
  required: ReadonlySet<SectionName>;
  /** How long rates and CPU percentages are measured; 0 takes one look and gives none. */
  sampleSeconds: number;
  /** How long each slow section may take. */
  deadlineSeconds: number;
  /** Length of the lists of the greediest processes. */
  topCount: number;
  env: Readonly<Record<string, string | undefined>>;
  userId: number;
  now(): Date;
  /** Seconds of a clock that nobody sets. */
  monotonic(): number;
  signal: AbortSignal;
  /** Put before every path; a folder of recorded files in tests. */
  root?: string;
}

/**
 * One report, without rules. `previous` are the counters of the last report of a live view: they stand in for the first
 * look, so that no time is spent waiting. Rejects only when the signal aborts.
 */
export async function collectReport(
  options: CollectOptions,
  previous?: Counters,
): Promise<{ report: SysinfoReport; counters: Counters }> {
  const started = options.monotonic();
  const time = options.now();
  const probe = createProbe(options.root);
  const wanted = new Set(options.sections);
  const first = previous ?? readCounters(probe, wanted, options.monotonic());
  const slow = collectSlow(probe, wanted, options);
  // Awaited only after the sample: without this a failure in between would be an unhandled rejection.
  slow.catch(() => undefined);
  if (previous === undefined && options.sampleSeconds > 0 && Object.keys(first).length > 1) {
    await pause(options.sampleSeconds, options.signal);
  }
  const sampled = previous !== undefined || options.sampleSeconds > 0;
  const second = sampled ? readCounters(probe, wanted, options.monotonic()) : undefined;
  const quick = collectQuick(probe, wanted, first, second, time, options);
  const sections = { ...quick, ...(await slow) };
  const errors = uniqueErrors(probe, options.required);
  const report: SysinfoReport = {
    schema: 'devops.sysinfo/1',
    host: nameOf(probe),
    time: time.toISOString(),
    took_ms: 0,
    sample_ms: second === undefined ? 0 : Math.round((second.at - first.at) * 1000),
    ...sections,
    rules: [],
    errors,
    unavailable: probe.unavailable,
    status: errors.some(({ required }) => required) ? 'unknown' : 'none',
  };
  options.signal.throwIfAborted();
  report.took_ms = Math.round((options.monotonic() - started) * 1000);
  return { report: inOrder(report), counters: second ?? first };
}

/** A machine without /proc still has a name. */
function nameOf(probe: Probe): string {
  try {
    return hostName(probe);
  } catch {
    return hostname();
  }
}

type Sections = Partial<Pick<SysinfoReport, SectionName>>;

/** What the kernel answers at once. */
function collectQuick(
  probe: Probe,
  wanted: ReadonlySet<SectionName>,
  first: Counters,
  second: Counters | undefined,
  time: Date,
  options: CollectOptions,
): Sections {
  noteAbsent(probe, wanted, first);
  const sections: Sections = {};
  const collect = <Name extends SectionName>(name: Name, read: () => Sections[Name] | undefined): void => {
    if (!wanted.has(name)) return;
    try {
      const section = read();
      if (section !== undefined) sections[name] = section;
    } catch (error) {
      noteError(probe, name, error);
    }
  };
  const seconds = second === undefined ? 0 : second.at - first.at;
  const cgroup = limitsOf(probe, wanted);
  collect('os', () => osSection(probe, time, machine()));
  collect('cgroup', () => cgroup);
  collect('memory', () => memorySection(probe, cgroup));
  collect('cpu', () => {
    if (first.cpu === undefined) return undefined;
    const quota = cgroup?.cpu?.quota_cores;
    const effective = effectiveCores(first.cpu.perCpu.length, readAffinity(probe), quota);
    return cpuSection(probe, first.cpu, second?.cpu, effective);
  });
  collect('io', () => first.io && ioSection(first.io, second?.io, seconds));
  collect(
    'network',
    () => first.network && networkSection(probe, first.network, second?.network, seconds, networkInterfaces()),
  );
  collect('processes', () => {
    if (first.processes === undefined) return undefined;
    const names = readUserNames(probe, 'processes');
    const userName = (uid: number) => names.get(uid);
    const { topCount, userId: uid } = options;
    return processesSection(probe, first.processes, second?.processes, seconds, { topCount, userName, uid });
  });
  collect('sensors', () => sensorsSection(probe));
  collect('users', () => usersSection(probe));
  collect('updates', () => updatesSection(probe));
  return sections;
}

/** A kernel built without disks or without a network, or a sandbox that hides them. */
function noteAbsent(probe: Probe, wanted: ReadonlySet<SectionName>, counters: Counters): void {
  for (const section of ['io', 'network'] as const) {
    const failed = probe.errors.some((error) => error.section === section);
    if (!wanted.has(section) || counters[section] !== undefined || failed) continue;
    probe.unavailable.push({ section, reason: 'the kernel does not count it here' });
  }
}

/** The limits count for cpu and memory, too, whether or not their own section is wanted. */
function limitsOf(probe: Probe, wanted: ReadonlySet<SectionName>): CgroupSection | undefined {
  if (!wanted.has('cgroup') && !wanted.has('cpu') && !wanted.has('memory')) return undefined;
  const apart = wanted.has('cgroup') ? probe : { ...probe, unavailable: [] };
  try {
    return cgroupSection(apart);
  } catch (error) {
    noteError(probe, 'cgroup', error);
    return undefined;
  }
}

/** What waits for somebody else: mounts, systemd, a container engine, the firmware. All at once, each with a deadline. */
async function collectSlow(
  probe: Probe,
  wanted: ReadonlySet<SectionName>,
  { env, signal, deadlineSeconds: timeoutSeconds }: CollectOptions,
): Promise<Sections> {
  const sections: Sections = {};
  const collect = async <Name extends SectionName>(name: Name, read: () => Promise<Sections[Name] | undefined>) => {
    if (!wanted.has(name)) return;
    try {
      const section = await read();
      if (section !== undefined) sections[name] = section;
    } catch (error) {
      noteError(probe, name, error);
    }
  };
  const asking = { env, signal, timeoutSeconds };
  await Promise.all([
    collect('disks', () => disksSection(probe, asking)),
    collect('services', () => servicesSection(probe, asking)),
    collect('containers', () => containersSection(probe, asking)),
    collect('hardware', async () => {
      const { hardwareSection } = await import('./hardware.ts');
      return hardwareSection(probe, { signal, timeoutSeconds });
    }),
  ]);
  return sections;
}

/** Both looks of a sample meet the same obstacle: it is told once. */
function uniqueErrors(probe: Probe, required: ReadonlySet<SectionName>): SysinfoReport['errors'] {
  const seen = new Set<string>();
  const errors = probe.errors.filter(({ section, subject, message }) => {
    const key = JSON.stringify([section, subject, message]);
    return !seen.has(key) && seen.add(key);
  });
  return errors.map((error) => ({ ...error, required: error.required || required.has(error.section) }));
}

/** Sections in the order of the documentation, whichever was ready first. */
function inOrder(report: SysinfoReport): SysinfoReport {
  const { schema, host, time, took_ms, sample_ms, rules, errors, unavailable, status, ...sections } = report;
  const { os, cpu, memory, cgroup, disks, io, network, processes, ...others } = sections;
  const ordered = { os, cpu, memory, cgroup, disks, io, network, processes, ...others };
  const present = Object.fromEntries(Object.entries(ordered).filter(([, section]) => section !== undefined));
  return { schema, host, time, took_ms, sample_ms, ...present, rules, errors, unavailable, status };
}
