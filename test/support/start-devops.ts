import { join } from 'node:path';
import { execa } from 'execa';

const checkout = join(import.meta.dirname, '../..');

/** The Node that the checkout brings, whatever Node runs the tests. */
export const node = join(checkout, 'node_modules/node/bin/node');
export const bin = join(checkout, 'bin/devops');
/** devops with the invented commands. */
export const invented = join(checkout, 'test/support/invented-devops.ts');

/** cron's environment, and nothing of ours. */
export const bareEnvironment = { PATH: '/usr/bin:/bin' };

interface StartOptions {
  /** Milliseconds; default 20 seconds. */
  timeout?: number;
  cwd?: string;
  env?: Record<string, string>;
  stdin?: 'pipe';
}

/** A program in a bare environment, with a deadline; it never rejects for an exit code. */
export function start(file: string, args: readonly string[], options: StartOptions = {}) {
  return execa(file, args, {
    extendEnv: false,
    env: bareEnvironment,
    reject: false,
    timeout: 20_000,
    killSignal: 'SIGKILL',
    stripFinalNewline: false,
    ...options,
  });
}

/** A line of bash in which $DEVOPS is the real command and $INVENTED the one with the invented commands. */
export function startShell(line: string, options: StartOptions = {}) {
  const env = { ...bareEnvironment, DEVOPS: `${node} ${bin}`, INVENTED: `${node} ${invented}`, ...options.env };
  return start('bash', ['--norc', '-c', line], { ...options, env });
}
