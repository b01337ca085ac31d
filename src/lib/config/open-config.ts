import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { UserError } from '../errors/user-error.ts';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';
import type { ConfigCandidate } from './locate.ts';
import { requireTrusted } from './trust.ts';

/** A configuration file that may be believed; whoever gets it closes the descriptor. */
export interface OpenedConfig extends ConfigCandidate {
  descriptor: number;
  stats: BigIntStats;
}

/** Opens the first candidate that is there; undefined when none is. Throws UserError when it cannot be read or trusted. */
export function openConfig(candidates: readonly ConfigCandidate[], uid: number): OpenedConfig | undefined {
  for (const candidate of candidates) {
    const descriptor = openCandidate(candidate);
    if (descriptor === undefined) continue;
    try {
      const stats = fstatSync(descriptor, { bigint: true });
      if (!stats.isFile()) {
        const kind = stats.isDirectory() ? 'a folder' : 'not a regular file';
        throw new UserError(`cannot read '${candidate.path}': it is ${kind}`, {
          code: 'config',
          hints: ['name a file'],
        });
      }
      requireTrusted(candidate.path, stats, uid);
      return { ...candidate, descriptor, stats };
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }
  return undefined;
}

function openCandidate({ path, origin }: ConfigCandidate): number | undefined {
  try {
    // O_NONBLOCK: opening a named pipe without a writer would wait for ever.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    const isAbsent = ['ENOENT', 'ENOTDIR'].includes(systemErrorName(error) ?? '');
    if (origin === 'search' && (isAbsent || isHidden(path))) return undefined;
    const where = origin === 'environment' ? `the configuration that $DEVOPS_CONFIG names, '${path}'` : `'${path}'`;
    throw systemFailure(`cannot read ${where}`, error, isAbsent ? ['check the name'] : []);
  }
}

/**
 * Whether we may not even enter the folder, as in `cd /root; sudo -u backup devops ...`: what is in there is not meant
 * for us, and nothing can be told about it. A file that is there and cannot be read is an error.
 */
function isHidden(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return systemErrorName(error) === 'EACCES';
  }
}
