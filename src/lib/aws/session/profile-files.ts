import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { readBounded } from '../../files/read-bounded.ts';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';
import { printable } from '../../text/printable.ts';
import { type IniSections, parseIni } from './profile-ini.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One profile of ~/.aws/config and ~/.aws/credentials, both as one. */
export interface Profile {
  name: string;
  settings: ReadonlyMap<string, string>;
}

export interface ProfileFiles {
  /** Paths as the SDK must be told them, whether they exist or not. */
  configPath: string;
  credentialsPath: string;
  /** Of all profiles. */
  names(): readonly string[];
  /** Whether ~/.aws/config has a section of this full name, such as `sso-session corp`. */
  hasSection(name: string): boolean;
  /** Undefined where neither file has it. */
  find(name: string): Profile | undefined;
  /**
   * The one that was named, else AWS_PROFILE, AWS_DEFAULT_PROFILE or `default`, which may be missing and is empty then.
   * Throws a UserError that lists the profiles there are.
   */
  select(named: string | undefined): Profile;
  /** The section `services NAME` that a profile refers to. */
  services(profile: Profile): ReadonlyMap<string, string>;
}

/** Real ones have a few kilobytes. */
const limitBytes = 4 * 1024 * 1024;
const empty: ReadonlyMap<string, string> = new Map();

/** Reads the two files; a missing one is empty. Throws UserError for one that cannot be read. */
export async function openProfiles(env: Environment, homeDirectory: () => string | undefined): Promise<ProfileFiles> {
  const home = env['HOME'] || homeDirectory() || '/';
  const located = (variable: string, name: string): string => {
    const path = env[variable] || join(home, '.aws', name);
    return path.startsWith('~/') ? join(home, path.slice(2)) : path;
  };
  const configPath = located('AWS_CONFIG_FILE', 'config');
  const credentialsPath = located('AWS_SHARED_CREDENTIALS_FILE', 'credentials');
  const [config, credentials] = await Promise.all([readSections(configPath), readSections(credentialsPath)]);
  // The section `default` may be written either way, and only the credentials file names profiles without the word.
  const configName = (name: string): string => (name === 'default' && config.has(name) ? name : `profile ${name}`);

  const find = (name: string): Profile | undefined => {
    const ofConfig = config.get(configName(name));
    const ofCredentials = credentials.get(name);
    if (ofConfig === undefined && ofCredentials === undefined) return undefined;
    return { name, settings: new Map([...(ofConfig ?? []), ...(ofCredentials ?? [])]) };
  };
  const names = (): string[] => [
    ...new Set([
      ...[...config.keys()].flatMap((section) => {
        if (section === 'default') return [section];
        return section.startsWith('profile ') ? [section.slice('profile '.length)] : [];
      }),
      ...credentials.keys(),
    ]),
  ];

  return {
    configPath,
    credentialsPath,
    names,
    hasSection: (name) => config.has(name),
    find,
    select(named) {
      const chosen = named ?? (env['AWS_PROFILE'] || env['AWS_DEFAULT_PROFILE'] || undefined);
      const profile = find(chosen ?? 'default');
      if (profile !== undefined) return profile;
      if (chosen === undefined || chosen === 'default') return { name: 'default', settings: empty };
      throw unknownProfile(chosen, named === undefined, names(), configPath, credentialsPath);
    },
    services(profile) {
      const name = profile.settings.get('services');
      return (name === undefined ? undefined : config.get(`services ${name}`)) ?? empty;
    },
  };
}

async function readSections(path: string): Promise<IniSections> {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return new Map();
    // Streams of files are 3 ms of CPU at every start; pipes and what is too long are left to them.
    const isPlain = stats.isFile() && stats.size <= limitBytes;
    const bytes = isPlain
      ? readFileSync(path)
      : await readBounded(createReadStream(path), limitBytes, new AbortController().signal, path);
    return parseIni(bytes.toString());
  } catch (error) {
    const reason = error instanceof UserError ? error.cause : error;
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorName(reason) ?? '')) return new Map();
    throw error instanceof UserError ? error : systemFailure(`cannot read ${path}`, error);
  }
}

function unknownProfile(
  name: string,
  isOfEnvironment: boolean,
  names: readonly string[],
  ...paths: readonly string[]
): UserError {
  const known =
    names.slice(0, 20).map(printable).join(', ') + (names.length > 20 ? `, and ${names.length - 20} more` : '');
  const meant = nearest(name, names);
  return new UserError(`there is no profile ${printable(name)}${isOfEnvironment ? ', which AWS_PROFILE names' : ''}`, {
    code: 'not-found',
    hints: [
      ...(meant === undefined ? [] : [`did you mean ${printable(meant)}?`]),
      names.length === 0
        ? `neither ${paths.join(' nor ')} has a profile: make one with aws configure --profile ${printable(name)}`
        : `profiles there are: ${known}`,
    ],
  });
}
