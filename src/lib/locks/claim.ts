import { readFileSync, readSync } from 'node:fs';
import { randomName } from '../files/random-name.ts';
import { printable } from '../text/printable.ts';
import type { LockHolder, LockRequest } from './lock.ts';
import { readProcessStart } from './process-start.ts';

/** The one line that whoever has a lock writes about itself. */
export interface Claim {
  pid: number;
  /** See readProcessStart. */
  start: string;
  /** The kernel's own name for the time since the machine was started: ticks and pids begin anew with it. */
  boot: string;
  /** Unix time in seconds. */
  since: number;
  what: string;
  /** No two claims have the same. */
  id: string;
  /** See LockHolder. */
  runId?: string;
  /** What was started has the lock too, so the claim may be true although the process is gone. */
  isHandedOn?: true;
  /** Its process has let go; it is only true of what it has left behind. */
  isReleased?: true;
}

/** What is read of a file that says who has a lock. */
const longestClaim = 4096;

/** Undefined where there is no /proc to tell who we are. */
export function newClaim({ pid, now, what, runId, isHandedOn }: LockRequest): Claim | undefined {
  const start = readProcessStart(pid);
  const boot = readBoot();
  if (start === undefined || boot === undefined) return undefined;
  return {
    pid,
    start,
    boot,
    since: now,
    what: what.slice(0, 500).toWellFormed(),
    id: randomName(),
    ...(runId === undefined ? {} : { runId }),
    ...(isHandedOn === true ? { isHandedOn } : {}),
  };
}

export function formatClaim(claim: Claim): string {
  return `${JSON.stringify(claim)}\n`;
}

/** What an open file says; undefined for anything that is not as we write it. Throws the failure of the system call. */
export function readClaim(descriptor: number): Claim | undefined {
  const buffer = Buffer.alloc(longestClaim);
  return parseClaim(buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, 0)));
}

export function parseClaim(text: string): Claim | undefined {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { pid, start, boot, since, what, id, ...rest }: Partial<Record<string, unknown>> = Object(stored);
  if (!Number.isSafeInteger(pid) || Number(pid) < 1 || typeof since !== 'number') return undefined;
  if (typeof start !== 'string' || typeof boot !== 'string' || typeof what !== 'string') return undefined;
  if (typeof id !== 'string' || !/^[\da-f]{32}$/.test(id)) return undefined;
  return {
    pid: Number(pid),
    start,
    boot,
    since,
    what,
    id,
    ...(typeof rest['runId'] === 'string' && /^[\w-]{1,100}$/.test(rest['runId']) ? { runId: rest['runId'] } : {}),
    ...(rest['isHandedOn'] === true ? { isHandedOn: true } : {}),
    ...(rest['isReleased'] === true ? { isReleased: true } : {}),
  };
}

/** Whether the process that made the claim still lives; one whose number another process got since does not. */
export function isAlive(claim: Claim): boolean {
  return claim.isReleased !== true && claim.boot === readBoot() && claim.start === readProcessStart(claim.pid);
}

/** Whether, of a lock that somebody has, that may be what a process has left behind that is not alive. */
export function mayBeLeftOver(claim: Claim): boolean {
  return claim.isHandedOn === true && claim.boot === readBoot();
}

export function holderOf({ pid, since, what, runId }: Claim, now: number): LockHolder {
  const holder = { pid, sinceSeconds: Math.max(0, now - since), what: printable(what) };
  return runId === undefined ? holder : { ...holder, runId };
}

function readBoot(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return undefined;
  }
}
