import { existsSync } from 'node:fs';
import { noteError, readOptional } from './probe.ts';
import type { Probe } from './probe.ts';
import { readNoted } from './read-noted.ts';

/** What control group paths look like inside of containers. On the host, `docker.service` and `lxc.monitor` are none. */
const groupPatterns: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/\/kubepods[./]/, 'kubernetes'],
  [/\/libpod-[0-9a-f]{12}/, 'podman'],
  [/\/docker[/-][0-9a-f]{12}/, 'docker'],
  [/\/lxc(?:\.payload[./]|\/)/, 'lxc'],
];

/**
 * What contains this process: `kubernetes`, `podman`, `docker`, `lxc`, `wsl`, or what the container manager told
 * the init inside, such as `systemd-nspawn`; undefined outside a container. There is no call that tells, only traces that each runtime leaves.
 */
export function containerKind(probe: Probe, kernel: string): string | undefined {
  if (existsSync(`${probe.root}/var/run/secrets/kubernetes.io/serviceaccount`)) return 'kubernetes';
  const groups = readNoted(probe, 'os', '/proc/self/cgroup') ?? '';
  const group = groupPatterns.find(([pattern]) => pattern.test(groups))?.[1];
  if (group === 'kubernetes') return group;
  if (existsSync(`${probe.root}/run/.containerenv`)) return 'podman';
  if (existsSync(`${probe.root}/.dockerenv`)) return 'docker';
  // systemd as process 1 writes here what its container told it; the environment itself is root's to read.
  const told = readNoted(probe, 'os', '/run/systemd/container')?.trim() ?? environmentOfInit(probe);
  if (told !== undefined && /^[a-z0-9._-]+$/i.test(told)) return told;
  return group ?? (/microsoft/i.test(kernel) ? 'wsl' : undefined);
}

/** The variable `container` that container managers set for process 1. */
function environmentOfInit(probe: Probe): string | undefined {
  let environment: string | undefined;
  try {
    environment = readOptional(probe, '/proc/1/environ');
  } catch (error) {
    // Those who are not root may not read it, which is no fault of the machine.
    if (!(error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM'))) {
      noteError(probe, 'os', error, '/proc/1/environ');
    }
  }
  const setting = environment?.split('\0').find((variable) => variable.startsWith('container='));
  return setting?.slice('container='.length);
}
