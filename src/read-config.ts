import type { LoadConfigOptions, LoadedConfig } from './lib/config/load-config.ts';
import { cacheDirectory } from './lib/state/directories.ts';
import { ensurePrivateDirectory } from './lib/state/private-directory.ts';
import type { Runtime } from './runtime.ts';

/** devops.yaml for this run, from the cache of checked configurations where that is possible. */
export async function readConfig(runtime: Runtime, explicitPath: string | undefined): Promise<LoadedConfig> {
  const { loadConfig } = await import('./lib/config/load-config.ts');
  const { checkSystemRule } = await import('./lib/system/check-system-rule.ts');
  const { env, version: productVersion, userId: uid } = runtime;
  const homeDirectory = runtime.homeDirectory();
  const options: LoadConfigOptions = {
    explicitPath,
    env,
    // Relative paths mean nothing in a folder that was deleted; the other places still count.
    cwd: runtime.cwd() ?? '/',
    homeDirectory,
    uid,
    cacheDirectory: usableCache({ env, uid, homeDirectory }),
    productVersion,
    checkRule: checkSystemRule,
  };
  return loadConfig(options);
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
