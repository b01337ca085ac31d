import type { Config } from '../config/schema.ts';
import { nearest } from '../errors/nearest.ts';
import { UserError } from '../errors/user-error.ts';
import { quoted } from '../text/quoted.ts';
import type { Job } from './job.ts';
import { resolveJob } from './resolve-job.ts';

/**
 * The job of that name. Throws UserError (usage) with the nearest name where there is none; `isProgram`, such as
 * findProgram, is asked only then, for whoever types a program means `devops run -- PROGRAM`.
 */
export async function findJob(
  name: string,
  config: Config,
  isProgram: (name: string) => Promise<boolean> = () => Promise.resolve(false),
): Promise<Job> {
  if (Object.hasOwn(config.jobs ?? {}, name)) return resolveJob(name, config);
  const known = Object.keys(config.jobs ?? {});
  throw new UserError(`there is no job ${quoted(name)}${known.length === 0 ? ': devops.yaml has none' : ''}`, {
    code: 'usage',
    hints: [await hintFor(name, known, isProgram)],
  });
}

async function hintFor(
  name: string,
  known: readonly string[],
  isProgram: (name: string) => Promise<boolean>,
): Promise<string> {
  const near = nearest(name.slice(0, 100), known.slice(0, 1000));
  if (near !== undefined) return `did you mean '${near}'?`;
  if (/[/\s]/.test(name) || (await isProgram(name))) {
    const [first = ''] = name.trim().split(/\s+/);
    return `to run a program, write: devops run -- ${/^[\w./+-]+$/.test(first) ? first : 'PROGRAM'} ...`;
  }
  if (known.length === 0) return `write it into devops.yaml below jobs:, or run a program: devops run -- PROGRAM ...`;
  const more = known.length > 20 ? ' ...' : '';
  return `there are ${known.slice(0, 20).join(', ')}${more}; to run a program, write: devops run -- PROGRAM ...`;
}
