import { closeSync, fstatSync } from 'node:fs';
import { UserError } from '../errors/user-error.ts';
import { type CachedConfig, type ConfigCache, isTooFresh, readCachedConfig, writeCachedConfig } from './cache.ts';
import type { CheckedConfig } from './check-config.ts';
import { configCandidates, type ConfigOrigin, type ConfigPlaces } from './locate.ts';
import { openConfig, type OpenedConfig } from './open-config.ts';
import { type ConfigProblem, formatProblem } from './problem.ts';
import { readText } from './read-text.ts';
import type { CheckRule, Config } from './schema.ts';
import type { Position } from './text-position.ts';

export interface LoadConfigOptions extends ConfigPlaces {
  uid: number;
  /** A private folder of ours; left out, nothing is kept. */
  cacheDirectory?: string | undefined;
  productVersion: string;
  /** Reads a rule and throws a UserError when it cannot be read; left out, the text of rules is not looked at. */
  loadCheckRule?: (() => Promise<CheckRule>) | undefined;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export interface LoadedConfig {
  /** The file that was read; absent when there is none and all is default. */
  path?: string;
  origin: ConfigOrigin;
  config: Config;
  /** Where the value of a path such as `sysinfo.rules[0].if` comes from. */
  source: (path: string) => ConfigSource;
}

export type ConfigSource = (Position & { file: string }) | 'default';

/** Finds, reads and checks devops.yaml. Throws UserError for the first mistake, with the number of the others. */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const opened = openConfig(configCandidates(options), options.uid);
  if (opened === undefined) return { origin: 'search', config: {}, source: () => 'default' };
  try {
    const { path, origin } = opened;
    const { config, positions } = await readOpened(opened, options);
    return {
      path,
      origin,
      config,
      source: (key) => (Object.hasOwn(positions, key) ? { file: path, ...positions[key]! } : 'default'),
    };
  } finally {
    closeSync(opened.descriptor);
  }
}

/**
 * Every mistake of the devops.yaml that loadConfig would read, always from the file itself; of one that has none, what
 * this machine lacks for it.
 */
export async function findProblems(
  options: Omit<LoadConfigOptions, 'cacheDirectory'>,
): Promise<{ path?: string; origin: ConfigOrigin; problems: ConfigProblem[] }> {
  const opened = openConfig(configCandidates(options), options.uid);
  if (opened === undefined) return { origin: 'search', problems: [] };
  try {
    const { path, origin, descriptor } = opened;
    const checked = await check(readText(descriptor, path), await options.loadCheckRule?.());
    if (checked.config === undefined) return { path, origin, problems: checked.problems };
    const { machineProblems } = await import('./machine-problems.ts');
    const { env, uid, homeDirectory } = options;
    const account = { env, uid, homeDirectory };
    return { path, origin, problems: await machineProblems(checked.config, checked.positions, account) };
  } finally {
    closeSync(opened.descriptor);
  }
}

async function readOpened(opened: OpenedConfig, options: LoadConfigOptions): Promise<CachedConfig> {
  const { path, descriptor, stats } = opened;
  const { cacheDirectory, uid, productVersion, loadCheckRule, now = Date.now } = options;
  const cache: ConfigCache | undefined = cacheDirectory === undefined ? undefined : { directory: cacheDirectory, uid };
  const identity = { path, stats, productVersion, rulesChecked: loadCheckRule !== undefined };
  const kept = cache === undefined ? undefined : readCachedConfig(cache, identity);
  if (kept !== undefined) return kept;
  const checked = withoutProblems(await check(readText(descriptor, path), await loadCheckRule?.()), path);
  if (cache !== undefined && !isTooFresh(fstatSync(descriptor, { bigint: true }), now())) {
    writeCachedConfig(cache, identity, checked);
  }
  return checked;
}

/** Loaded at need, as all that it brings along: a kept configuration is not checked again. */
async function check(text: string, checkRule: CheckRule | undefined): Promise<CheckedConfig> {
  const { checkConfig } = await import('./check-config.ts');
  return checkConfig(text, checkRule);
}

function withoutProblems({ config, positions, problems }: CheckedConfig, path: string): CachedConfig {
  if (config !== undefined) return { config, positions };
  const [first, ...others] = problems;
  if (first === undefined) throw new Error('a configuration without config must have a problem');
  const hints = first.hint === undefined ? [] : [first.hint];
  if (others.length > 0) {
    hints.push(
      `${others.length} more ${others.length === 1 ? 'mistake' : 'mistakes'}: devops config check --config '${path}'`,
    );
  }
  throw new UserError(formatProblem(first, path), { code: 'config', hints });
}
