import type { OptionValues } from '@commander-js/extra-typings';
import type { Spec } from './command.ts';
import type { Context } from './context.ts';
import type { TargetRequest } from './lib/aws/open-targets.ts';

// What every command of AWS understands, in awscli's words.

const listed = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
];

/** Where to ask: --region, --profile, --role-arn, --endpoint-url. */
export function addTargetOptions<Args extends unknown[], Options extends OptionValues>(spec: Spec<Args, Options>) {
  return spec
    .option(
      '--region <regions>',
      'regions, separated by commas, or all (default: AWS_REGION, AWS_DEFAULT_REGION, the profile, the instance)',
      listed,
      [] as readonly string[],
    )
    .option('--profile <profiles>', 'profiles of ~/.aws/config, separated by commas', listed, [] as readonly string[])
    .option('--role-arn <arn>', 'assume this role first')
    .option('--endpoint-url <url>', 'send every request there (also: AWS_ENDPOINT_URL)');
}

export interface TargetOptions {
  region: readonly string[];
  profile: readonly string[];
  roleArn?: string | undefined;
  endpointUrl?: string | undefined;
}

export function targetRequest(ctx: Context, options: TargetOptions): TargetRequest {
  const { env, signal, log, version } = ctx;
  return {
    regions: options.region,
    profiles: options.profile,
    ...(options.roleArn === undefined ? {} : { roleArn: options.roleArn }),
    ...(options.endpointUrl === undefined ? {} : { endpointUrl: options.endpointUrl }),
    env,
    signal,
    log,
    homeDirectory: () => ctx.homeDirectory(),
    pause: (seconds, until) => ctx.pause(seconds, until),
    monotonic: () => ctx.monotonic(),
    version,
  };
}
