import type { OptionValues } from '@commander-js/extra-typings';
import type { Spec } from './command.ts';
import type { Context } from './context.ts';
import type { TargetRequest } from './lib/aws/open-targets.ts';
import { UserError } from './lib/errors/user-error.ts';

// What every command of AWS understands, in awscli's words.

/** An empty one is refused: with `--profile "$NAME"` and no NAME the default account must not be acted on. */
const listed = (text: string, before: readonly string[]): readonly string[] => {
  const words = text.split(',').map((word) => word.trim());
  if (words.every((word) => word !== '')) return [...before, ...words];
  throw new UserError(text.trim() === '' ? 'the value is empty' : 'there is an empty name between the commas', {
    code: 'usage',
    hints: ['leave the option out for what the environment says'],
  });
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns; roles may have a path. */
const roleName = /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;

function parseRoleArn(text: string): string {
  if (roleName.test(text)) return text;
  throw new UserError('this is no ARN of a role', {
    code: 'usage',
    hints: ['write it as arn:aws:iam::111122223333:role/NAME'],
  });
}

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
    .option('--role-arn <arn>', 'assume this role first', parseRoleArn)
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
