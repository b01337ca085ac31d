import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { environment } from '../harness.ts';
import { findProgram } from '../programs.ts';

/**
 * Raises the limit of open files of this process, which all that it starts inherits, to `wanted`. Throws what is
 * missing: with too low a limit every client would measure its own failures.
 */
export function allowOpenFiles(wanted: number): void {
  const match = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  const current = match?.[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(match?.[1]);
  if (current >= wanted) return;
  const prlimit = findProgram('prlimit', environment);
  const argv = [`--pid=${process.pid}`, `--nofile=${wanted}`];
  if (prlimit !== undefined && spawnSync(prlimit, argv, { stdio: 'ignore' }).status === 0) return;
  throw new Error(`${wanted} open files are needed and ${current} allowed: run \`ulimit -n ${wanted}\` first`);
}
