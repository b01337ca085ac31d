import { resolveSecret } from '../secrets/resolve-secret.ts';
import type { Environment } from '../shell/find-program.ts';
import type { JobEnvironment } from './job.ts';

/** What a program needs whatever it is, and by what an outer run finds what an inner one leaves behind. */
const always = [
  'PATH',
  'HOME',
  'LOGNAME',
  'USER',
  'SHELL',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'DEVOPS_RUN_ID',
  'DEVOPS_OUTER_RUN_IDS',
];

/**
 * The environment of a job and the secrets in it, which have to be masked in what it prints. Throws UserError for a
 * secret that cannot be had.
 */
export function openJobEnvironment(
  { clean, pass, set, secrets, path }: JobEnvironment,
  host: { env: Environment; uid: number },
): { env: Record<string, string>; secrets: string[] } {
  const env: Record<string, string> = {};
  const names = clean ? [...always, ...pass] : Object.keys(host.env);
  for (const name of names) {
    const value = host.env[name];
    if (value !== undefined) env[name] = value;
  }
  Object.assign(env, set);
  const values: string[] = [];
  for (const [name, source] of Object.entries(secrets)) {
    const value = resolveSecret(source, host);
    env[name] = value;
    values.push(value);
  }
  if (path !== undefined) env['PATH'] = path.join(':');
  return { env, secrets: values };
}
