import { isAbsolute } from 'node:path';
import { checkedText, reportMistake } from './checked-text.ts';
import { secretSchema, variablePattern } from './schema-secret.ts';
import { quoted } from '../text/quoted.ts';
import type { TextMistake } from './text-mistake.ts';
import { UserError } from '../errors/user-error.ts';

type Zod = typeof import('zod');

/** The environment in which a job runs. */
export function environmentSchema(z: Zod) {
  const variable = z.string().regex(new RegExp(variablePattern)).meta({ title: 'the name of an environment variable' });
  const named = variableName(z);
  return z
    .strictObject({
      clean: z
        .boolean()
        .optional()
        .describe('Whether the job gets only PATH, HOME, LOGNAME, SHELL, LANG and what pass names.'),
      pass: z.array(variable).max(1000).optional().describe('Variables that are handed on although clean is true.'),
      set: z
        .record(named, plainValue(z))
        .superRefine((variables, issues) => {
          for (const [name, value] of Object.entries(variables)) {
            if (value !== '' && isSecretName(name)) reportMistake(issues, inClear(name), [name]);
          }
        })
        .optional()
        .describe('Variables and their values; none of them may be a secret.'),
      secrets: z
        .record(named, secretSchema(z))
        .optional()
        .describe('Variables and where their secret values are; these are masked in reports.'),
    })
    .superRefine(({ set = {}, secrets = {} }, issues) => {
      for (const name of Object.keys(secrets)) {
        if (Object.hasOwn(set, name)) reportMistake(issues, twice(name), ['secrets', name]);
      }
    });
}

/** Folders in which programs are looked for. */
export function pathSchema(z: Zod) {
  return z
    .array(
      checkedText(z, requireFolder).meta({ title: 'the absolute path of a folder', pattern: String.raw`^/[^:\0]*$` }),
    )
    .min(1)
    .max(100);
}

/** Names of files and folders mean the same wherever devops is started. */
export function absolutePath(z: Zod) {
  return z
    .string()
    .max(4096)
    .refine((text) => isAbsolute(text) && !text.includes('\0'))
    .meta({ title: 'an absolute path', pattern: '^/' });
}

function requireFolder(path: string): void {
  if (isAbsolute(path) && !/[:\0]/.test(path)) return;
  const hint = path.includes(':') ? 'write a list: [/usr/local/bin, /usr/bin, /bin]' : 'write for instance /usr/bin';
  throw new UserError(`found ${quoted(path)}, expected the absolute path of a folder`, { hints: [hint] });
}

/** PATH has a key of its own, and the run id finds what a job leaves behind. */
function variableName(z: Zod) {
  return z
    .string()
    .superRefine((name, issues) => reportMistake(issues, variableMistake(name)))
    .meta({ pattern: `^(?!(?:PATH|DEVOPS_RUN_ID)$)${variablePattern.slice(1)}` });
}

function variableMistake(name: string): TextMistake | undefined {
  if (name === 'PATH') return { message: 'found PATH', hint: 'write the folders as path: [/usr/local/bin, /usr/bin]' };
  if (name === 'DEVOPS_RUN_ID') return { message: 'this variable is given by devops itself', hint: 'remove it' };
  if (new RegExp(variablePattern).test(name)) return undefined;
  const hint = 'write letters, digits and underscores, with no digit at the beginning';
  return { message: 'this is no name of an environment variable', hint };
}

/** `writeOnly`, for whoever writes a password as a number without quotes shall not see it in a message. */
function plainValue(z: Zod) {
  return z
    .string()
    .max(65_536)
    .refine((text) => !text.includes('\0'))
    .meta({ title: 'a text', writeOnly: true });
}

/** RESTIC_PASSWORD is one; RESTIC_PASSWORD_FILE and SSH_KEY_PATH say where one is. */
function isSecretName(name: string): boolean {
  return /(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|SECRET_KEY|CREDENTIALS?)$/i.test(
    name,
  );
}

function inClear(name: string): TextMistake {
  return {
    message: 'found a secret in clear',
    hint: `take it out of the file: secrets: { ${name}: { env: ${name} } }`,
  };
}

function twice(name: string): TextMistake {
  return { message: `the variable ${quoted(name)} stands in 'set' already`, hint: 'remove one of the two' };
}
