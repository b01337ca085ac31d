import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../config/schema.ts';
import { UserError } from '../errors/user-error.ts';
import { findProgram } from '../shell/find-program.ts';
import { capturedText } from '../shell/head-and-tail.ts';
import { runProgram } from '../shell/run-program.ts';
import { type Account, cacheDirectory, lockDirectory, stateDirectory } from '../state/directories.ts';
import type { DoctorCheck } from './check.ts';
import { type DrivenProgram, drivenPrograms } from './programs.ts';

export interface DoctorOptions {
  account: Account;
  /** Path of the Node.js that runs us. */
  node: string;
  /** Reads devops.yaml; throws a UserError for a mistake in it. */
  loadConfig(): Promise<{ path?: string; config: Config }>;
  signal: AbortSignal;
}

type Finding = Omit<DoctorCheck, 'environment'>;

/** Everything in the environment at hand. Changes nothing: a folder that is missing is only told. */
export async function* runChecks(options: DoctorOptions): AsyncGenerator<Finding> {
  const { node, account } = options;
  yield { ...(await checkVersion('Node.js', node, ['--version'], options)), required: true };
  const { finding, config } = await checkConfigFile(options);
  yield finding;
  for (const program of drivenPrograms) yield checkProgram(program, config, options);
  yield checkFolder('state folder', account, stateDirectory);
  yield checkFolder('lock folder', account, lockDirectory);
  yield checkFolder('cache folder', account, cacheDirectory);
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
    const hint = error.hints[0];
    const failed = { subject, state: 'failed', required: true, detail: error.message } as const;
    return { finding: { ...failed, ...(hint === undefined ? {} : { hint }) }, config: {} };
  }
}

async function checkProgram(
  { name, versionWords, cost, install, neededBy }: DrivenProgram,
  config: Config,
  { account: { env }, signal }: Pick<DoctorOptions, 'account' | 'signal'>,
): Promise<Finding> {
  const required = neededBy(config);
  const path = await findProgram(name, env);
  if (path === undefined) return { subject: name, state: 'missing', required, detail: cost, hint: install };
  const found = await checkVersion(name, path, versionWords, { account: { env }, signal });
  return found.state === 'ok'
    ? { ...found, required }
    : { ...found, required, detail: `${found.detail}: ${cost}`, hint: install };
}

async function checkVersion(
  subject: string,
  path: string,
  words: readonly string[],
  { account: { env }, signal }: { account: Pick<Account, 'env'>; signal: AbortSignal },
): Promise<Finding> {
  const { end, stdout } = await runProgram({ argv: [path, ...words], env, signal, timeoutSeconds: 5 });
  const finding = { subject, required: false, path };
  if (end.kind !== 'exited' || end.code !== 0)
    return { ...finding, state: 'failed', detail: 'it does not tell its version' };
  return { ...finding, state: 'ok', version: capturedText(stdout).split('\n')[0] ?? '', detail: 'found' };
}

async function checkFolder(
  subject: string,
  account: Account,
  folderOf: (account: Account) => string,
): Promise<Finding> {
  let path: string;
  try {
    path = folderOf(account);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {
      subject,
      state: 'missing',
      required: false,
      detail: error.message,
      ...(error.hints[0] && { hint: error.hints[0] }),
    };
  }
  const existing = await nearestExisting(path);
  try {
    await access(existing, constants.W_OK | constants.X_OK);
  } catch {
    const detail = existing === path ? 'cannot be written' : `cannot be made: ${existing} cannot be written`;
    return {
      subject,
      state: 'failed',
      required: false,
      path,
      detail,
      hint: 'run as the user that owns it, or set STATE_DIRECTORY',
    };
  }
  return {
    subject,
    state: 'ok',
    required: false,
    path,
    detail: existing === path ? 'can be written' : 'will be made when it is needed',
  };
}

async function nearestExisting(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined || folder === dirname(folder)) return folder;
  }
}
