import { UserError } from '../errors/user-error.ts';
import { quoted } from '../text/quoted.ts';
import { readSecretFile } from './read-secret-file.ts';
import type { SecretSource } from './secret-source.ts';

/** Who asks: our environment and the number of our user. */
export interface SecretReader {
  env: Readonly<Record<string, string | undefined>>;
  uid: number;
}

/**
 * The secret itself. Throws UserError that says where it was looked for and never what was found: `config` for a
 * variable that is not set, a credential that the unit does not have and a secret that is empty, else what
 * readSecretFile says.
 */
export function resolveSecret(source: SecretSource, { env, uid }: SecretReader): string {
  if ('env' in source) return fromVariable(source.env, env);
  if ('file' in source) return notEmpty(readSecretFile(source.file, uid), `the secret file ${quoted(source.file)}`);
  return fromCredential(source.credential, env, uid);
}

function fromVariable(name: string, env: SecretReader['env']): string {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined && value !== '') return value;
  throw new UserError(
    `the variable ${quoted(name)}, which should hold a secret, is ${value === '' ? 'empty' : 'not set'}`,
    {
      code: 'config',
      hints: [
        'set it where this is started, or keep the secret in a file: { file: PATH } (cron hands on few variables)',
      ],
    },
  );
}

function fromCredential(name: string, env: SecretReader['env'], uid: number): string {
  const hints = [`give the unit LoadCredential=NAME:PATH, see systemd.exec(5)`];
  // As credential_name_valid() of systemd: the name of a file and nothing that leads elsewhere.
  if (name === '' || name === '.' || name === '..' || name.length > 255 || /[/\0]/.test(name)) {
    throw new UserError(`${quoted(name)} is no name of a credential`, { code: 'config', hints });
  }
  const folder = env['CREDENTIALS_DIRECTORY'];
  if (folder === undefined || folder === '') {
    throw new UserError(`there is no credential ${quoted(name)}: CREDENTIALS_DIRECTORY is not set`, {
      code: 'config',
      hints,
    });
  }
  return notEmpty(readCredential(name, folder, uid, hints), `the credential ${quoted(name)}`);
}

function readCredential(name: string, folder: string, uid: number, hints: readonly string[]): string {
  try {
    return readSecretFile(`${folder}/${name}`, uid, { groupMayRead: true });
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'not-found') throw error;
    throw new UserError(`there is no credential ${quoted(name)} in '${folder}'`, {
      code: 'config',
      hints,
      cause: error,
    });
  }
}

function notEmpty(secret: string, where: string): string {
  if (secret !== '') return secret;
  throw new UserError(`${where} is empty`, { code: 'config', hints: ['write the secret into it'] });
}
