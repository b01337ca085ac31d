import { lstatSync } from 'node:fs';
import type { LoadedConfig } from './lib/config/load-config.ts';
import { configCandidates, type ConfigPlaces } from './lib/config/locate.ts';
import { cacheDirectory } from './lib/state/directories.ts';
import { ensurePrivateDirectory } from './lib/state/private-directory.ts';
import type { Runtime } from './runtime.ts';

/** devops.yaml for this run, from the cache of checked configurations where that is possible. */
export async function readConfig(runtime: Runtime, explicitPath: string | undefined): Promise<LoadedConfig> {
  const { env, version: productVersion, userId: uid } = runtime;
  const homeDirectory = runtime.homeDirectory();
  // Relative paths mean nothing in a folder that was deleted; the other places still count.
  const places: ConfigPlaces = { explicitPath, env, cwd: runtime.cwd() ?? '/', homeDirectory };
  // Most machines have none: then nothing of the reader is loaded.
  if (configCandidates(places).every(({ path, origin }) => origin === 'search' && !isThere(path))) {
    return { origin: 'search', config: {}, source: () => 'default' };
  }
  const { loadConfig } = await import('./lib/config/load-config.ts');
  return loadConfig({
    ...places,
    uid,
    cacheDirectory: usableCache({ env, uid, homeDirectory }),
    productVersion,
    loadCheckRule: async () => (await import('./lib/system/check-system-rule.ts')).checkSystemRule,
  });
}

/** A link counts whatever it leads to: whether that can be read is for the reader to tell. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** It is only speed: a folder that cannot be had means no cache. */
function usableCache(account: Parameters<typeof cacheDirectory>[0]): string | undefined {
  try {
    const directory = cacheDirectory(account);
    ensurePrivateDirectory(directory, account.uid);
    return directory;
  } catch {
    return undefined;
  }
}
