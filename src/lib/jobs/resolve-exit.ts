import type { ExitMapping } from './job.ts';

interface ExitSetting {
  ok?: readonly number[] | undefined;
  warn?: readonly number[] | undefined;
  skip?: readonly number[] | undefined;
}

/** Whether a word of `run` is this very program. */
export function isDevops(program: string): boolean {
  return program === 'devops' || program.endsWith('/devops');
}

/**
 * What the exit codes mean: what the job says, else its defaults, else 0 alone is good, and 75 of devops itself is a
 * skip: others may mean a failure by it. A code that the job names is taken out of the lists that it does not name.
 */
export function resolveExit(own: ExitSetting = {}, defaults: ExitSetting = {}, ofDevops: boolean): ExitMapping {
  const named = new Set([...(own.ok ?? []), ...(own.warn ?? []), ...(own.skip ?? [])]);
  const left = (codes: readonly number[]) => codes.filter((code) => !named.has(code));
  const given = new Set([...named, ...(defaults.ok ?? []), ...(defaults.warn ?? []), ...(defaults.skip ?? [])]);
  const unlessGiven = (codes: readonly number[]) => codes.filter((code) => !given.has(code));
  return {
    ok: own.ok ?? (defaults.ok === undefined ? unlessGiven([0]) : left(defaults.ok)),
    warning: own.warn ?? left(defaults.warn ?? []),
    skip: own.skip ?? (defaults.skip === undefined ? unlessGiven(ofDevops ? [75] : []) : left(defaults.skip)),
  };
}
