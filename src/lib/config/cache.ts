import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../files/replace-file.ts';
import { ensurePrivateDirectory } from '../state/private-directory.ts';
import type { Config } from './schema.ts';
import type { Position } from './text-position.ts';

/** A folder of ours for what can be made again. */
export interface ConfigCache {
  directory: string;
  uid: number;
}

/** What must be equal for a kept configuration to be the one that the file says now. */
export interface ConfigIdentity {
  path: string;
  stats: BigIntStats;
  productVersion: string;
  /** Whether the rules were checked as well. */
  rulesChecked: boolean;
}

export interface CachedConfig {
  config: Config;
  positions: Record<string, Position>;
}

/** The kept configuration; undefined when there is none or any doubt about it. Loads neither js-yaml nor zod. */
export function readCachedConfig(cache: ConfigCache, identity: ConfigIdentity): CachedConfig | undefined {
  try {
    ensurePrivateDirectory(cache.directory, cache.uid);
    const kept: unknown = JSON.parse(readPrivateFile(fileFor(cache, identity.path), cache.uid));
    return isCached(kept, keyOf(identity)) ? { config: kept.config, positions: kept.positions } : undefined;
  } catch {
    // The cache is only speed: whatever is wrong with it, the file itself is read.
    return undefined;
  }
}

/** Keeps a configuration that had no mistake. A folder that cannot be written is no failure. */
export function writeCachedConfig(cache: ConfigCache, identity: ConfigIdentity, kept: CachedConfig): void {
  try {
    ensurePrivateDirectory(cache.directory, cache.uid);
    replaceFile(fileFor(cache, identity.path), JSON.stringify({ key: keyOf(identity), ...kept }), { mode: 0o600 });
  } catch {
    // Only speed, as above.
  }
}

/**
 * Whether a file can still change without its times showing it: they move in ticks of some milliseconds (two seconds
 * on some filesystems), so that of two changes within a tick the second cannot be seen.
 */
export function isTooFresh(stats: BigIntStats, nowMilliseconds: number): boolean {
  return nowMilliseconds - Number(stats.ctimeMs) < 3000;
}

/** The key holds the product's version, so that what follows it has the shape that this version wrote. */
function isCached(kept: unknown, key: string): kept is CachedConfig {
  return typeof kept === 'object' && kept !== null && 'key' in kept && kept.key === key;
}

function keyOf({ path, stats, productVersion, rulesChecked }: ConfigIdentity): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return JSON.stringify([path, ...[dev, ino, size, mtimeNs, ctimeNs].map(String), productVersion, rulesChecked]);
}

function readPrivateFile(path: string, uid: number): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    const isPrivate = stats.isFile() && stats.uid === uid && (stats.mode & 0o077) === 0;
    if (!isPrivate) throw new Error('not a private file of ours');
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** One file for each path. Two paths may share one (FNV-1a, 32 bit): the key inside tells them apart. */
function fileFor({ directory }: ConfigCache, path: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(path)) hash = Math.imul(hash ^ byte, 0x01000193);
  return join(directory, `config-${(hash >>> 0).toString(16).padStart(8, '0')}.json`);
}
