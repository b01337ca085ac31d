import { statSync } from 'node:fs';
import { checkFolder } from '../doctor/check-folder.ts';
import { isDevops } from '../jobs/resolve-exit.ts';
import { resolveSecret } from '../secrets/resolve-secret.ts';
import { findProgram } from '../shell/find-program.ts';
import { type Account, lockDirectory, stateDirectory } from '../state/directories.ts';
import { quoted } from '../text/quoted.ts';
import { formatPath } from './config-path.ts';
import { firstWord } from './first-word.ts';
import type { ConfigProblem } from './problem.ts';
import type { Config } from './schema.ts';
import type { JobSetting, SharedJobSetting } from './schema-jobs.ts';
import type { SecretSetting } from './schema-secret.ts';
import { secretSourceOf } from './secret-source-of.ts';
import { type TextMistake, textMistake } from './text-mistake.ts';
import type { Position } from './text-position.ts';

type Path = readonly PropertyKey[];
type Found = TextMistake & { path: Path };

/**
 * What a configuration without a mistake names and this machine does not have: secrets, programs, folders. No other
 * command asks: a file that is fine for one job must not stop another one. `positions` are those of checkConfig.
 */
export async function machineProblems(
  config: Config,
  positions: Readonly<Record<string, Position>>,
  account: Account,
): Promise<ConfigProblem[]> {
  const found = [...secretProblems(config, account), ...folderProblems(config)];
  for (const [name, job] of Object.entries(config.jobs ?? {})) {
    const problem = await programProblem(name, job, config.defaults ?? {}, account);
    if (problem !== undefined) found.push(problem);
  }
  if (config.jobs !== undefined) found.push(...(await stateProblems(account)));
  const problems = found.map(({ path, ...mistake }) => ({ ...place(path, positions), ...mistake }));
  return problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
}

function* secretProblems(config: Config, account: Account): Generator<Found> {
  for (const [path, source] of secretsOf(config)) {
    const mistake = textMistake(() => resolveSecret(secretSourceOf(source), account));
    if (mistake !== undefined) yield { ...mistake, path };
  }
}

function* secretsOf({ notify = {}, defaults = {}, jobs = {} }: Config): Generator<[Path, SecretSetting]> {
  for (const [name, notifier] of Object.entries(notify)) {
    const here = ['notify', name];
    if (notifier.type !== 'mail') {
      if (typeof notifier.url !== 'string') yield [[...here, 'url'], notifier.url];
    } else if (notifier.smtp?.password !== undefined) yield [[...here, 'smtp', 'password'], notifier.smtp.password];
    if (notifier.type !== 'webhook') continue;
    for (const [header, value] of Object.entries(notifier.headers ?? {})) {
      if (typeof value !== 'string') yield [[...here, 'headers', header], value];
    }
  }
  for (const [path, { env }] of [[['defaults'], defaults] as [Path, SharedJobSetting], ...eachJob(jobs)]) {
    for (const [name, source] of Object.entries(env?.secrets ?? {})) yield [[...path, 'env', 'secrets', name], source];
  }
}

function* folderProblems({ notify = {}, defaults = {}, jobs = {} }: Config): Generator<Found> {
  for (const [name, notifier] of Object.entries(notify)) {
    const ca = notifier.type === 'mail' ? notifier.smtp?.ca : undefined;
    const isThere = ca === undefined || statSync(ca, { throwIfNoEntry: false })?.isFile() === true;
    if (!isThere) yield { path: ['notify', name, 'smtp', 'ca'], message: `there is no file ${quoted(ca)}` };
  }
  for (const [path, { cwd }] of [[['defaults'], defaults] as [Path, SharedJobSetting], ...eachJob(jobs)]) {
    if (cwd === undefined || isFolder(cwd)) continue;
    yield { path: [...path, 'cwd'], message: `there is no folder ${quoted(cwd)}`, hint: `make it: mkdir -p '${cwd}'` };
  }
}

function eachJob(jobs: Readonly<Record<string, JobSetting>>): [Path, JobSetting][] {
  return Object.entries(jobs).map(([name, job]) => [['jobs', name], job]);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Whatever keeps us from it, no job can run there.
    return false;
  }
}

async function programProblem(
  name: string,
  job: JobSetting,
  defaults: SharedJobSetting,
  account: Account,
): Promise<Found | undefined> {
  const program = typeof job.run === 'string' ? firstWord(job.run) : job.run[0]!;
  // In a list, `devops` is this very program; for a shell it is one as any other.
  if (program === undefined || (typeof job.run !== 'string' && isDevops(program))) return undefined;
  const folders = job.path ?? defaults.path;
  const ours = account.env['PATH'];
  const path = folders?.join(':') ?? ours;
  if ((await findProgram(program, { PATH: path })) !== undefined) return undefined;
  const elsewhere = folders === undefined ? undefined : await findProgram(program, { PATH: ours });
  return { path: ['jobs', name, 'run'], ...notFound(program, path, elsewhere) };
}

function notFound(program: string, path: string | undefined, elsewhere: string | undefined): TextMistake {
  if (program.includes('/')) {
    const hint = program.startsWith('/') ? `see what is there: ls -l '${program}'` : 'write the absolute path';
    return { message: `there is no program ${quoted(program)} that may be run`, hint };
  }
  return {
    message: `there is no program ${quoted(program)} in the PATH of the job, ${path ?? '/bin:/usr/bin'}`,
    hint:
      elsewhere === undefined
        ? 'install it, or add its folder to path'
        : `write ${elsewhere}, or add its folder to path`,
  };
}

async function stateProblems(account: Account): Promise<Found[]> {
  const folders = [
    { subject: 'the state folder', pathFor: stateDirectory, elsewhere: 'set STATE_DIRECTORY or XDG_STATE_HOME' },
    { subject: 'the lock folder', pathFor: lockDirectory, elsewhere: 'make it writable' },
  ];
  const findings = await Promise.all(folders.map((folder) => checkFolder({ ...folder, required: true }, account)));
  return findings
    .filter(({ state }) => state !== 'ok')
    .map(({ subject, path, detail, hint }) => ({
      path: ['jobs'],
      message: `${subject}${path === undefined ? '' : ` '${path}'`}, which jobs need: ${detail ?? 'cannot be used'}`,
      ...(hint === undefined ? {} : { hint }),
    }));
}

/** The key itself, or the nearest thing that holds it. */
function place(path: Path, positions: Readonly<Record<string, Position>>): Position & { path: string } {
  for (let length = path.length; length > 0; length--) {
    const position = positions[formatPath(path.slice(0, length))];
    if (position !== undefined) return { ...position, path: formatPath(path) };
  }
  return { line: 1, column: 1, path: formatPath(path) };
}
