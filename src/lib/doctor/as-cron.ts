import { UserError } from '../errors/user-error.ts';
import { capturedText } from '../shell/head-and-tail.ts';
import { runProgram } from '../shell/run-program.ts';
import type { DoctorCheck } from './check.ts';

export interface CronOptions {
  /** The program as a crontab would name it, by absolute path. */
  program: string;
  /** Node that runs us now, for the hint. */
  node: string;
  userName: string;
  homeDirectory: string | undefined;
  configPath: string | undefined;
  signal: AbortSignal;
}

/** All that Debian's cron gives a job (measured; crontab(5) tells the same). */
export function cronEnvironment({ userName, homeDirectory }: Pick<CronOptions, 'userName' | 'homeDirectory'>) {
  return { HOME: homeDirectory ?? '/', LOGNAME: userName, SHELL: '/bin/sh', PATH: '/usr/bin:/bin' };
}

/** Starts doctor once more as cron would start it: the way to Node through the first line of the program is part of the test. */
export async function* checksAsCron(options: CronOptions): AsyncGenerator<DoctorCheck> {
  const { program, node, configPath, signal } = options;
  const config = configPath === undefined ? [] : ['--config', configPath];
  const env = cronEnvironment(options);
  const { end, stdout, stderr } = await runProgram({
    argv: [program, 'doctor', '--json', ...config],
    env,
    cwd: env.HOME,
    signal,
    timeoutSeconds: 30,
  });
  const checks = end.kind === 'exited' ? parseChecks(capturedText(stdout)) : undefined;
  if (checks !== undefined) {
    for (const check of checks) yield { ...check, environment: 'cron' };
    return;
  }
  const reason = end.kind === 'not-started' ? end.message : capturedText(stderr).trim().split('\n')[0];
  yield {
    environment: 'cron',
    subject: 'devops',
    state: 'failed',
    required: true,
    path: program,
    detail: `does not start with cron's PATH of ${env.PATH}: ${reason ?? 'it printed nothing'}`,
    hint: `write both paths into the crontab: ${node} ${program}`,
  };
}

function parseChecks(text: string): DoctorCheck[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw new UserError('doctor cannot read its own answer', { cause: error });
  }
}
