import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';
import { halfKeys } from './credential-failure.ts';
import type { Profile, ProfileFiles } from './profile-files.ts';

/**
 * Mistakes in a profile, and in those that its roles are assumed from, of which the SDK says something else or nothing
 * that helps. Throws a UserError that names what is missing.
 */
export function checkProfile(profile: Profile, profiles: ProfileFiles): void {
  const seen = new Set<string>();
  for (let current: Profile | undefined = profile; current !== undefined && !seen.has(current.name);) {
    seen.add(current.name);
    current = checkOne(current, profiles);
  }
}

/** Answers with the profile that this one's role is assumed from. */
function checkOne({ name, settings }: Profile, profiles: ProfileFiles): Profile | undefined {
  const place = `the profile ${printable(name)}`;
  const [id, secret] = ['aws_access_key_id', 'aws_secret_access_key'] as const;
  if (settings.has(id) !== settings.has(secret)) throw halfKeys(place, settings.has(id) ? secret : id);

  const session = settings.get('sso_session');
  if (session !== undefined && !profiles.hasSection(`sso-session ${session}`)) {
    throw missing(`${place} has sso_session ${session}, which is not there`, [
      `add the section [sso-session ${printable(session)}] to ${profiles.configPath}: aws configure sso-session`,
    ]);
  }
  const source = settings.get('source_profile');
  if (source === undefined || !settings.has('role_arn')) return undefined;
  const found = profiles.find(source);
  if (found !== undefined) return found;
  const meant = nearest(source, profiles.names());
  throw missing(`${place} has source_profile ${source}, which is not there`, [
    ...(meant === undefined ? [] : [`did you mean ${printable(meant)}?`]),
    `add the section [profile ${printable(source)}] to ${profiles.configPath}`,
  ]);
}

function missing(message: string, hints: readonly string[]): UserError {
  return new UserError(printable(message), { code: 'config', hints });
}
