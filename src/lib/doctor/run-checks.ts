import type { Config } from '../config/schema.ts';
import { UserError } from '../errors/user-error.ts';
import { type Account, cacheDirectory, lockDirectory, stateDirectory } from '../state/directories.ts';
import type { Finding } from './check.ts';
import { checkAlerts } from './check-alerts.ts';
import { checkFolder } from './check-folder.ts';
import { checkProgram, checkVersion } from './check-program.ts';
import { drivenPrograms } from './programs.ts';
import { needsOfRules } from './rule-needs.ts';

export interface DoctorOptions {
  account: Account;
  /** Unix time in seconds. */
  now: number;
  /** Name of this machine, for rules that count on some hosts only. */
  host: string;
  /** Path of the Node.js that runs us. */
  node: string;
  /** Reads devops.yaml; throws a UserError for a mistake in it. */
  loadConfig(): Promise<{ path?: string; config: Config }>;
  signal: AbortSignal;
}

/** Everything in the environment at hand. A folder that is missing is told, not made. */
export async function* runChecks(options: DoctorOptions): AsyncGenerator<Finding> {
  const { account, host, node, signal } = options;
  const surroundings = { env: account.env, signal };
  yield { ...(await checkVersion('Node.js', node, ['--version'], surroundings)), required: true };
  const { finding, config } = await checkConfigFile(options);
  yield finding;
  const needs = needsOfRules(config, host);
  for (const program of drivenPrograms) {
    yield withNeed(await checkProgram(program, program.neededBy(needs), surroundings));
  }
  const set = (name: string) => `set ${name} to the path of another folder`;
  const folders = [
    {
      subject: 'state folder',
      pathFor: stateDirectory,
      elsewhere: set('STATE_DIRECTORY'),
      required: needs.stateFolder,
    },
    {
      subject: 'lock folder',
      pathFor: lockDirectory,
      elsewhere: account.uid === 0 ? 'mount /run so that it can be written' : set('STATE_DIRECTORY'),
      required: false,
    },
    { subject: 'cache folder', pathFor: cacheDirectory, elsewhere: set('CACHE_DIRECTORY'), required: false },
  ];
  for (const folder of folders) yield withNeed(await checkFolder(folder, account));
  yield checkAlerts(account, options.now);
}

/** Colour alone does not tell that it matters. */
function withNeed(finding: Finding): Finding {
  if (finding.state === 'ok' || !finding.required) return finding;
  return { ...finding, detail: `${finding.detail}, and a rule in devops.yaml needs this` };
}

async function checkConfigFile({ loadConfig }: DoctorOptions): Promise<{ finding: Finding; config: Config }> {
  const subject = 'devops.yaml';
  try {
    const { path, config } = await loadConfig();
    const detail = path === undefined ? 'there is none: all is default' : 'no mistakes';
    return {
      finding: { subject, state: 'ok', required: false, detail, ...(path === undefined ? {} : { path }) },
      config,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const hint = error.hints.join('; ');
    const failed = { subject, state: 'failed', required: true, detail: error.message } as const;
    return { finding: { ...failed, ...(hint === '' ? {} : { hint }) }, config: {} };
  }
}
