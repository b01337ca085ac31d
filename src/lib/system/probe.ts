import { readdirSync, readFileSync } from 'node:fs';
import type { ErrorCode, SectionError, SectionName, SectionUnavailable } from './report.ts';

/** The files of one machine, and what went wrong while they were read. */
export interface Probe {
  /** Put before every path: '' on a real machine, a folder of recorded files in tests. */
  readonly root: string;
  readonly errors: SectionError[];
  readonly unavailable: SectionUnavailable[];
}

export function createProbe(root = ''): Probe {
  return { root, errors: [], unavailable: [] };
}

/** The text of a file; throws when it cannot be read. */
export function readText(probe: Probe, path: string): string {
  // 'utf8' takes Node's own fast path (one call into C++); 'latin1' does not and costs three times as much.
  return readFileSync(probe.root + path, 'utf8');
}

/** The text of a file, or undefined when this machine does not have it. Any other failure throws. */
export function readOptional(probe: Probe, path: string): string | undefined {
  try {
    return readText(probe, path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** The names in a folder, or none when this machine does not have it. Any other failure throws. */
export function listOptional(probe: Probe, path: string): string[] {
  try {
    return readdirSync(probe.root + path);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** Notes what is there and could not be read. */
export function noteError(probe: Probe, section: SectionName, cause: unknown, subject?: string): void {
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = errorCodeOf(cause);
  // Whether a hidden value is missed is decided by who asked for it (see collect-report.ts).
  const error: SectionError = { section, code, message, required: code !== 'permission' };
  if (subject !== undefined) error.subject = subject;
  probe.errors.push(error);
}

/** ENODEV, EINVAL and EOPNOTSUPP: a kernel file that exists but has nothing behind it on this machine. */
function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'EINVAL', 'EOPNOTSUPP', 'ESRCH'].includes(systemCode(error) ?? '');
}

function errorCodeOf(error: unknown): ErrorCode {
  const code = systemCode(error);
  if (code === 'EACCES' || code === 'EPERM') return 'permission';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (code === 'EIO' || code === 'ESTALE') return 'io';
  if (error instanceof SyntaxError) return 'parse';
  return 'failed';
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
