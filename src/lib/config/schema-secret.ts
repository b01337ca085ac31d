import type { TextMistake } from './text-mistake.ts';
import { reportMistake } from './checked-text.ts';

/** A secret source as it stands in the file: one of the three is there. */
export type SecretSetting = import('zod').output<ReturnType<typeof secretSchema>>;

/** What a mistake hints at; nothing of what was found is shown. */
export const secretHint = 'write { env: NAME } or { file: PATH }: a configuration holds no secret';

export const variablePattern = '^[A-Za-z_][A-Za-z0-9_]{0,199}$';
/** systemd.exec(5) takes what is a file name; this is what people write. */
const credentialPattern = '^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$';

/**
 * Where a secret is. `writeOnly`, a word of JSON Schema, tells describeIssue that nothing of the value may be shown:
 * whoever gets this wrong has often written the secret itself.
 */
export function secretSchema(z: typeof import('zod')) {
  return z
    .strictObject({
      env: z
        .string()
        .regex(new RegExp(variablePattern))
        .meta({ title: 'the name of an environment variable' })
        .optional()
        .describe('The variable of the environment that holds the secret.'),
      file: z
        .string()
        .max(4096)
        .regex(/^\//)
        .meta({ title: 'the absolute path of a file' })
        .optional()
        .describe('The file that holds the secret, which nobody else may read; a newline at its end does not count.'),
      credential: z
        .string()
        .regex(new RegExp(credentialPattern))
        .meta({ title: 'the name of a credential' })
        .optional()
        .describe('The credential that systemd hands to the unit, by LoadCredential= or SetCredentialEncrypted=.'),
    })
    .superRefine((source, issues) => {
      if (Object.values(source).filter((value) => value !== undefined).length !== 1) reportMistake(issues, notOne);
    })
    .meta({
      title: 'where the secret is, such as { env: NAME } or { file: PATH }',
      writeOnly: true,
      minProperties: 1,
      maxProperties: 1,
    });
}

const notOne: TextMistake = {
  message: 'expected one of env, file and credential, which say where the secret is',
  hint: 'write for instance { env: NAME }',
};
