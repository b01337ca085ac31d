import { existsSync, readlinkSync } from 'node:fs';
import { printable } from '../text/printable.ts';
import { containerKind } from './container-kind.ts';
import { labelledNumber } from './kernel-text.ts';
import { readOsRelease } from './os-release.ts';
import { readText } from './probe.ts';
import type { Probe } from './probe.ts';
import { readNoted } from './read-noted.ts';
import type { OsSection } from './report-resources.ts';
import { readUptime } from './uptime.ts';
import { virtualization } from './virtualization.ts';

/** The name that the kernel knows, without asking DNS. Throws when the kernel does not tell. */
export function hostName(probe: Probe): string {
  return printable(readText(probe, '/proc/sys/kernel/hostname').trim());
}

/** `architecture` as uname(2) tells it (`os.machine()`). Throws without the kernel's release or its uptime. */
export function osSection(probe: Probe, now: Date, architecture: string): OsSection {
  const release = readOsRelease(probe);
  const kernel = readText(probe, '/proc/sys/kernel/osrelease').trim();
  const uptime = readUptime(probe);
  const booted = labelledNumber(readNoted(probe, 'os', '/proc/stat') ?? '', 'btime ');
  const bootTime = booted === undefined ? now.getTime() - uptime * 1000 : booted * 1000;
  const synchronized = clockSynchronized(probe);
  const name = shown(release.get('PRETTY_NAME') ?? release.get('NAME'));
  const id = shown(release.get('ID'));
  const version = shown(release.get('VERSION_ID'));
  const hypervisor = shown(virtualization(probe));
  const container = containerKind(probe, kernel);
  const zone = timeZone(probe);
  const init = shown(readNoted(probe, 'os', '/proc/1/comm')?.replace(/\n$/, ''));
  return {
    ...(name !== undefined && { name }),
    ...(id !== undefined && { id }),
    ...(version !== undefined && { version }),
    kernel: printable(kernel),
    architecture,
    uptime_seconds: uptime,
    boot_time: new Date(bootTime).toISOString(),
    ...(hypervisor !== undefined && { virtualization: hypervisor }),
    ...(container !== undefined && { container }),
    ...(zone !== undefined && { time_zone: zone }),
    ...(synchronized !== undefined && { clock_synchronized: synchronized }),
    ...(init !== undefined && { init }),
  };
}

/** Text for people, or undefined when there is none. */
function shown(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : printable(text);
}

/** localtime(5): a link into the zone database names the zone; Debian's /etc/timezone names it where the file was copied. */
function timeZone(probe: Probe): string | undefined {
  const name = linkedZone(probe) ?? readNoted(probe, 'os', '/etc/timezone')?.trim();
  return name !== undefined && /^[A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*$/.test(name) ? name : undefined;
}

function linkedZone(probe: Probe): string | undefined {
  let target: string;
  try {
    target = readlinkSync(`${probe.root}/etc/localtime`);
  } catch {
    // A copied file is no link, and a machine without the file runs on UTC without saying so: neither names a zone.
    return undefined;
  }
  return /\/zoneinfo\/(.+)$/.exec(target)?.[1];
}

/**
 * systemd-timesyncd keeps its folder while it runs and touches the file in it when the clock is set.
 * Other daemons tell only those who call them, so without the folder the answer is not known.
 */
function clockSynchronized(probe: Probe): boolean | undefined {
  if (existsSync(`${probe.root}/run/systemd/timesync/synchronized`)) return true;
  return existsSync(`${probe.root}/run/systemd/timesync`) ? false : undefined;
}
