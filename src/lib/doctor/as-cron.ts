import { capturedText } from '../shell/head-and-tail.ts';
import type { ProgramResult } from '../shell/program-result.ts';
import { runProgram } from '../shell/run-program.ts';
import type { DoctorCheck } from './check.ts';
import { describeEnd } from './describe-end.ts';

export interface CronOptions {
  /** The program as a crontab would name it, by absolute path. */
  program: string;
  /** Node that runs us now, for the hint. */
  node: string;
  userName: string;
  homeDirectory: string;
  /** Absolute: cron starts in the home directory. */
  configPath: string | undefined;
  signal: AbortSignal;
}

/** All that Debian's cron gives a job (measured; crontab(5) tells the same). */
export function cronEnvironment({ userName, homeDirectory }: Pick<CronOptions, 'userName' | 'homeDirectory'>) {
  return { HOME: homeDirectory, LOGNAME: userName, SHELL: '/bin/sh', PATH: '/usr/bin:/bin' };
}

/** Starts doctor once more as cron would start it: the way to Node through the first line of the program is part of the test. */
export async function* checksAsCron(options: CronOptions): AsyncGenerator<DoctorCheck> {
  const { program, node, configPath, signal } = options;
  const config = configPath === undefined ? [] : ['--config', configPath];
  const env = cronEnvironment(options);
  const result = await runProgram({
    argv: [program, 'doctor', '--json', ...config],
    env,
    cwd: env.HOME,
    signal,
    timeoutSeconds: 30,
  });
  const checks = parseChecks(capturedText(result.stdout));
  for (const check of checks) yield { ...check, environment: 'cron' };
  // 0 and 1 are what doctor says when it could look at everything.
  const { end } = result;
  const isWhole = checks.length > 0 && end.kind === 'exited' && end.code <= 1;
  if (isWhole) return;
  const failed = failure(program, env.PATH, result);
  // What got as far as a check found its Node; and neither a deadline nor a folder that cannot be entered is mended by a path.
  const isLost =
    checks.length === 0 && (end.kind === 'exited' || (end.kind === 'not-started' && end.code !== 'failed'));
  yield isLost ? { ...failed, hint: `write both paths into the crontab: ${node} ${program}` } : failed;
}

function failure(program: string, path: string, result: ProgramResult): DoctorCheck {
  return {
    environment: 'cron',
    subject: 'devops',
    state: 'failed',
    required: true,
    path: program,
    detail: `does not run with cron's PATH of ${path}: ${reasonOf(result)}`,
  };
}

/** What it said, without the words that every message of ours begins with. */
function reasonOf({ end, stderr }: ProgramResult): string {
  const lines = capturedText(stderr).trim().split('\n');
  const message =
    lines.map(jsonMessage).find((each) => each !== undefined) ?? lines[0]!.replace(/^devops: error: /, '');
  return message === '' ? describeEnd(end) : message.split('\n')[0]!;
}

/** Errors of a run with --json are one object. */
function jsonMessage(line: string): string | undefined {
  const parsed = parse(line) as { error?: { message?: unknown } } | null | undefined;
  const message = parsed?.error?.message;
  return typeof message === 'string' ? message : undefined;
}

function parseChecks(text: string): DoctorCheck[] {
  const parsed = parse(text);
  return Array.isArray(parsed) ? parsed : [];
}

/** Undefined when it is no JSON: what did not start may have printed anything. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
