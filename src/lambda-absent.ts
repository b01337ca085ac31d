import { UserError } from './lib/errors/user-error.ts';

// What a Lambda function has no use for: its bundle takes these in the place of the packages that they are named after,
// which would be a quarter of it.

/** @aws-sdk/credential-provider-ini: the keys of a function are in its environment. */
export function fromIni(): never {
  throw absent('a function has no profiles', 'give it a role, and --role-arn for that of another account');
}

/** @aws-sdk/credential-provider-web-identity */
export function fromTokenFile(): never {
  throw absent('a function has no token of a pod', 'give it a role, and --role-arn for that of another account');
}

/** @aws-sdk/credential-provider-node: every client is handed its keys. */
export function defaultProvider(): never {
  throw new Error('this build is without the default chain of credentials');
}

/** js-yaml */
export function dump(): never {
  throw absent('a function writes no yaml', 'use --output json');
}

/** pino, as far as it is used for --log-format json. */
export function pino(
  { base }: { base: Readonly<Record<string, unknown>> },
  { write }: { write(line: string): void },
): Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void> {
  const at = (level: string) => (fields: object, message: string) =>
    write(`${JSON.stringify({ level, ...base, ...fields, msg: message })}\n`);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function absent(message: string, hint: string): UserError {
  return new UserError(message, { code: 'unsupported', hints: [hint] });
}
