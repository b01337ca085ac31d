import { isAbsolute, join, resolve } from 'node:path';

/** Why a file is looked at: it was named by --config or by $DEVOPS_CONFIG, or it is one of the usual places. */
export type ConfigOrigin = 'option' | 'environment' | 'search';

export interface ConfigCandidate {
  path: string;
  origin: ConfigOrigin;
}

export interface ConfigPlaces {
  /** Value of --config. */
  explicitPath?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** From passwd: $HOME may be unset, or somebody else's under sudo. */
  homeDirectory?: string | undefined;
}

/** Where devops.yaml may be, in order: the first that is there is the only one that is read. A named file is the only candidate. */
export function configCandidates({ explicitPath, env, cwd, homeDirectory }: ConfigPlaces): ConfigCandidate[] {
  if (explicitPath !== undefined) return [{ path: resolve(cwd, explicitPath), origin: 'option' }];
  const named = env['DEVOPS_CONFIG'];
  if (named !== undefined && named !== '') return [{ path: resolve(cwd, named), origin: 'environment' }];
  const folders = [cwd, userFolder(env, homeDirectory), '/etc/devops'];
  return folders.flatMap((folder) =>
    folder === undefined ? [] : [{ path: join(folder, 'devops.yaml'), origin: 'search' as const }],
  );
}

/** The XDG Base Directory Specification has empty and relative values of its variables ignored. */
function userFolder(env: ConfigPlaces['env'], homeDirectory: string | undefined): string | undefined {
  const base = env['XDG_CONFIG_HOME'];
  if (base !== undefined && isAbsolute(base)) return join(base, 'devops');
  if (homeDirectory !== undefined && isAbsolute(homeDirectory)) return join(homeDirectory, '.config', 'devops');
  return undefined;
}
