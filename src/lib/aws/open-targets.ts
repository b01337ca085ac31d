import type { Logger } from '../log/logger.ts';
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
}

/** Every profile in every region. Throws a UserError that names what is missing: region, profile, a wrong name. */
export function openTargets(request: TargetRequest): Promise<readonly AwsTarget[]> {
  return Promise.reject(new Error(`not there yet: ${request.regions.join(',')}`));
}
