import { UserError } from '../../errors/user-error.ts';
import type { Profile, ProfileFiles } from './profile-files.ts';
import { openMetadata } from './session-metadata.ts';
import type { SessionSettings } from './session.ts';

/**
 * The region that was not named on the command line: AWS_REGION, AWS_DEFAULT_REGION (which the SDK does not read,
 * though awscli and boto3 do), the profile's, its source profile's, the instance's. Throws a UserError when there is
 * none.
 */
export async function chooseRegion(settings: SessionSettings, profiles: ProfileFiles): Promise<string>;
export async function chooseRegion(
  settings: SessionSettings,
  profiles: ProfileFiles,
  options: { mayBeMissing: true },
): Promise<string | undefined>;
export async function chooseRegion(
  settings: SessionSettings,
  profiles: ProfileFiles,
  options?: { mayBeMissing: true },
): Promise<string | undefined> {
  const { env, signal, profile } = settings;
  const told = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || ofProfile(profile, profiles);
  if (told) return told;
  let reason: unknown;
  try {
    const metadata = await openMetadata({ env, signal });
    const region = (await metadata?.read('/latest/meta-data/placement/region'))?.trim();
    if (region) return region;
  } catch (error) {
    signal.throwIfAborted();
    reason = error;
  }
  if (options?.mayBeMissing === true) return undefined;
  const looked = `AWS_REGION, AWS_DEFAULT_REGION, the profile ${profile.name} of ${profiles.configPath}`;
  throw new UserError('no region was given, and none is configured', {
    code: 'usage',
    hints: [
      'give one with --region eu-central-1, or every one with --region all',
      `looked at ${looked}${reason instanceof UserError ? `; ${reason.message}` : ''}`,
    ],
    cause: reason,
  });
}

function ofProfile(profile: Profile, profiles: ProfileFiles): string | undefined {
  const seen = new Set<string>();
  for (let current: Profile | undefined = profile; current !== undefined && !seen.has(current.name);) {
    const region = current.settings.get('region');
    if (region !== undefined) return region;
    seen.add(current.name);
    const source: string | undefined = current.settings.get('source_profile');
    current = source === undefined ? undefined : profiles.find(source);
  }
  return undefined;
}
