import type { Logger } from '../log/logger.ts';
import { pause } from '../time/pause.ts';
import { askOnce } from './session/account-id.ts';
import { openCredentials } from './session/credential-chain.ts';
import { openProfiles, type ProfileFiles } from './session/profile-files.ts';
import { chooseRegion } from './session/region-choice.ts';
import { enabledRegions } from './session/region-list.ts';
import { checkRegionName } from './session/region-name.ts';
import { type Session, sessionSettings } from './session/session.ts';
import { openTarget } from './session/session-target.ts';
import { tellUnusedProxy } from './session/tell-unused-proxy.ts';
import type { AwsTarget } from './target.ts';

/** What the command line and the environment say about where to ask. */
export interface TargetRequest {
  /** Names of regions; `all` for every enabled one; empty: what the environment, the profile or the instance says. */
  regions: readonly string[];
  /** Empty: AWS_PROFILE or the default chain. */
  profiles: readonly string[];
  roleArn?: string;
  endpointUrl?: string;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  log: Logger;
  homeDirectory(): string | undefined;
  /** How the time between two tries is waited, and the clock of it in seconds. Both or neither: the real ones. */
  pause?: (seconds: number, signal: AbortSignal) => Promise<void>;
  monotonic?: () => number;
  /** Our own version, told in the user agent, which CloudTrail shows. */
  version?: string;
}

/**
 * Every profile in every region, in the order that was asked for. Throws a UserError that names what is missing: the
 * region, a profile, a wrong name. Nothing is sent unless `all` regions are asked for or only the instance knows where
 * it is.
 */
export async function openTargets(request: TargetRequest): Promise<readonly AwsTarget[]> {
  const profiles = await openProfiles(request.env, request.homeDirectory);
  const names = request.profiles.length === 0 ? [undefined] : [...new Set(request.profiles)];
  // A wrong name of the last profile is told before anything is asked for the first.
  const sessions = names.map((name) => openSession(request, profiles, name));
  await tellUnusedProxy(sessions[0]!.settings);
  const targets: AwsTarget[] = [];
  for (const session of sessions) {
    for (const region of await regionsOf(session, request, profiles)) {
      targets.push(openTarget(session, region, sessions.length > 1));
    }
  }
  return targets;
}

function openSession(request: TargetRequest, profiles: ProfileFiles, named: string | undefined): Session {
  const profile = profiles.select(named);
  const settings = sessionSettings({
    named,
    profile,
    services: profiles.services(profile),
    endpointUrl: request.endpointUrl,
    version: request.version,
    env: request.env,
    signal: request.signal,
    log: request.log,
    pause: request.pause ?? pause,
    monotonic: request.monotonic ?? (() => performance.now() / 1000),
  });
  return {
    settings,
    credentials: openCredentials({ settings, profiles, profile, roleArn: request.roleArn }),
    accountId: askOnce(),
  };
}

async function regionsOf(session: Session, request: TargetRequest, profiles: ProfileFiles): Promise<readonly string[]> {
  const { settings } = session;
  const isCustom = settings.endpoint('EC2') !== undefined;
  if (!request.regions.includes('all')) {
    const regions = [...new Set(request.regions)];
    if (regions.length === 0) regions.push(await chooseRegion(settings, profiles));
    for (const region of regions) checkRegionName(region, isCustom);
    return regions;
  }
  // Any region knows them all; one of the same partition must be asked, and only the environment can say which that is.
  const home = (await chooseRegion(settings, profiles, { mayBeMissing: true })) ?? 'us-east-1';
  checkRegionName(home, isCustom);
  const target = openTarget(session, home, false);
  try {
    return await enabledRegions(target, settings);
  } finally {
    target.close();
  }
}
