import { type Environment, findProgram } from '../shell/find-program.ts';
import { capturedText } from '../shell/head-and-tail.ts';
import { runProgram } from '../shell/run-program.ts';
import type { Finding } from './check.ts';
import { describeEnd } from './describe-end.ts';
import type { DrivenProgram } from './programs.ts';

interface Surroundings {
  env: Environment;
  signal: AbortSignal;
}

/** Whether a program is on PATH and runs; if not, what that costs. */
export async function checkProgram(
  { name, places = [], versionWords, cost, install }: DrivenProgram,
  required: boolean,
  surroundings: Surroundings,
): Promise<Finding> {
  const path = await firstFound([...places, name], surroundings.env);
  const hint = required ? `${install}; or write allow_missing: true beside the rule` : install;
  if (path === undefined) return { subject: name, state: 'missing', required, detail: cost, hint };
  if (versionWords === undefined) return { subject: name, state: 'ok', required, path, detail: 'found' };
  const found = await checkVersion(name, path, versionWords, surroundings);
  if (found.state === 'ok') return { ...found, required };
  return { ...found, required, detail: `${found.detail}; if it does not work, ${cost}`, hint };
}

async function firstFound(names: readonly string[], env: Environment): Promise<string | undefined> {
  for (const name of names) {
    const path = await findProgram(name, env);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** The first line of what a program prints about its version. */
export async function checkVersion(
  subject: string,
  path: string,
  words: readonly string[],
  { env, signal }: Surroundings,
): Promise<Finding> {
  const { end, stdout } = await runProgram({ argv: [path, ...words], env, signal, timeoutSeconds: 5 });
  const finding = { subject, required: false, path };
  const version = capturedText(stdout).trim().split('\n')[0]!;
  if (end.kind === 'exited' && end.code === 0 && version !== '') {
    return { ...finding, state: 'ok', version, detail: 'found' };
  }
  const reason = end.kind === 'exited' && end.code === 0 ? '' : `: ${describeEnd(end)}`;
  return { ...finding, state: 'failed', detail: `does not tell its version${reason}` };
}
