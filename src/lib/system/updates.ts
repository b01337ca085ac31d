import { existsSync, statSync } from 'node:fs';
import { listOptional, noteError, readOptional } from './probe.ts';
import type { Probe } from './probe.ts';
import type { UpdatesSection } from './report-platform.ts';

/** By which folder a package manager is known, and which files are touched when its cache is refreshed. */
const managers = [
  {
    manager: 'apt',
    folders: ['/var/lib/apt'],
    refreshed: ['/var/lib/apt/periodic/update-success-stamp', '/var/lib/apt/lists'],
  },
  {
    manager: 'dnf',
    folders: ['/var/lib/dnf', '/var/cache/dnf', '/usr/lib/sysimage/libdnf5', '/var/cache/libdnf5'],
    refreshed: ['/var/cache/dnf/last_makecache', '/var/cache/dnf', '/var/cache/libdnf5'],
  },
  { manager: 'apk', folders: ['/lib/apk/db', '/usr/lib/apk/db'], refreshed: ['/var/cache/apk'] },
] as const;

/** Written by Ubuntu's update-notifier after each refresh. No other manager leaves its counts on the disk. */
const countsFile = '/var/lib/update-notifier/updates-available';

/**
 * What is known about pending updates without network and without starting a program. To count them oneself is to
 * read tens of megabytes of package lists, so `pending` is absent where nobody has counted before. Undefined without a
 * package manager that is known here.
 */
export function updatesSection(probe: Probe): UpdatesSection | undefined {
  const found = managers.find(({ folders }) => folders.some((folder) => existsSync(probe.root + folder)));
  if (found === undefined) {
    probe.unavailable.push({ section: 'updates', reason: 'this machine has neither apt, dnf nor apk' });
    return undefined;
  }
  const counts = found.manager === 'apt' ? attempt(probe, countsFile, () => readCounts(probe)) : undefined;
  const kernels = attempt(probe, '/boot', () => installedKernels(probe));
  const reboot = attempt(probe, '/run/reboot-required.pkgs', () => rebootPackages(probe)) ?? [];
  const isNewerInstalled = kernels !== undefined && kernels.newest !== kernels.running;
  const section: UpdatesSection = {
    manager: found.manager,
    ...counts,
    reboot_required: existsSync(`${probe.root}/run/reboot-required`) || isNewerInstalled,
  };
  const time = attempt(probe, found.manager, () => cacheTime(probe, found.refreshed, counts !== undefined));
  if (time !== undefined) section.cache_time = time;
  if (reboot.length > 0) section.reboot_packages = reboot;
  if (kernels !== undefined) {
    section.running_kernel = kernels.running;
    section.newest_kernel = kernels.newest;
  }
  return section;
}

function attempt<Value>(probe: Probe, subject: string, read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    noteError(probe, 'updates', error, subject);
    return undefined;
  }
}

/**
 * The counts in the sentences of update-notifier's apt-check, English only. It leaves the sentence about security out
 * when there is none; an older one wrote it always.
 */
function readCounts(probe: Probe): Pick<UpdatesSection, 'pending' | 'security'> | undefined {
  const text = readOptional(probe, countsFile);
  const pending = /^(\d+) (?:updates? can be (?:applied|installed) immediately|packages? can be updated)/m.exec(
    text ?? '',
  );
  if (pending === null) return undefined;
  const security = /^(\d+) (?:of these updates|updates?) (?:is|are) (?:a )?(?:standard )?security updates?/m.exec(
    text!,
  );
  return { pending: Number(pending[1]), security: Number(security?.[1] ?? 0) };
}

/** When the package lists were last refreshed, or when they were last counted if that is longer ago. */
function cacheTime(probe: Probe, refreshed: readonly string[], isCounted: boolean): string | undefined {
  const times = refreshed.map((path) => modified(probe, path)).filter((time) => time !== undefined);
  if (times.length === 0) return undefined;
  const counted = isCounted ? modified(probe, countsFile) : undefined;
  return new Date(Math.min(Math.max(...times), counted ?? Infinity)).toISOString();
}

function modified(probe: Probe, path: string): number | undefined {
  return statSync(probe.root + path, { throwIfNoEntry: false })?.mtimeMs;
}

/** Which packages asked for a reboot: one name a line, and a name for each time that it asked. */
function rebootPackages(probe: Probe): string[] {
  const lines = (readOptional(probe, '/run/reboot-required.pkgs') ?? '').split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}

/**
 * The running kernel, and the newest installed one of its flavour. Undefined when the running kernel is not installed
 * here: then it comes from outside, as in a container, or its files are gone already.
 */
function installedKernels(probe: Probe): { running: string; newest: string } | undefined {
  const running = readOptional(probe, '/proc/sys/kernel/osrelease')?.trim();
  if (running === undefined) return undefined;
  // A removed kernel leaves its folder of modules behind more often than its image in /boot.
  const images = listOptional(probe, '/boot').flatMap((name) => /^vmlinu[xz]-(.+)$/.exec(name)?.[1] ?? []);
  const installed = images.includes(running) ? images : listOptional(probe, '/lib/modules');
  if (!installed.includes(running)) return undefined;
  const rivals = installed.filter((version) => /^\d+\.\d/.test(version) && flavour(version) === flavour(running));
  return { running, newest: rivals.reduce((newest, one) => (compareKernels(one, newest) > 0 ? one : newest), running) };
}

/**
 * What is left of a kernel's version without its numbers: `generic`, `cloud-amd`, `fc-x`. A rescue or real-time kernel
 * with a higher number beside the running one is no reason to reboot.
 */
function flavour(version: string): string {
  const words = version.split(/[-.+_~]/).filter((word) => !/^(?:rc|deb|bpo)?\d+$/.test(word));
  return words.map((word) => word.replaceAll(/\d/g, '')).join('-');
}

/**
 * Negative, 0 or positive, as `sort -V` orders: part by part between the hyphens, and number by number within, so
 * `6.1` comes before `6.1.0-9` and that before `6.1.0-10`. A release candidate comes before its release. Exported for
 * tests.
 */
export function compareKernels(a: string, b: string): number {
  const left = a.split('-');
  const right = b.split('-');
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = comparePart(left[index] ?? '', right[index] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  const left = a.match(/\d+|[a-z]+/gi) ?? [];
  const right = b.match(/\d+|[a-z]+/gi) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = compareWord(left[index], right[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareWord(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === 'rc' || b === 'rc') return a === 'rc' ? -1 : 1;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  const isNumber = [a, b].map((part) => /^\d/.test(part));
  if (isNumber[0] !== isNumber[1]) return isNumber[0] === true ? 1 : -1;
  if (isNumber[0] === true) return Number(a) - Number(b);
  return a < b ? -1 : 1;
}
