import type { Environment } from './find-program.ts';

const ownMark = 'DEVOPS_RUN_ID';
const outerMarks = 'DEVOPS_OUTER_RUN_IDS';

/** A run inside a run inside a run: deeper than this, the outermost are forgotten. */
const mostOuterRuns = 16;

/**
 * The environment of a run: DEVOPS_RUN_ID is its own id, and DEVOPS_OUTER_RUN_IDS are, parted by spaces, those of the
 * runs that it runs in, as far as `env` tells of them. So the end of an outer run also ends what an inner one started
 * and could no longer end itself.
 */
export function markedEnvironment(env: Environment, runId: string): Record<string, string | undefined> {
  const outer = [...idsIn(env[outerMarks] ?? ''), ...idsIn(env[ownMark] ?? '')].filter((id) => id !== runId);
  const marked: Record<string, string | undefined> = { ...env, [ownMark]: runId };
  if (outer.length > 0) marked[outerMarks] = [...new Set(outer)].slice(-mostOuterRuns).join(' ');
  return marked;
}

/** Whether an environment as /proc/PID/environ has it, with a NUL after each variable, is of this run or inside it. */
export function carriesMark(environ: Buffer, runId: string): boolean {
  // Most processes are of somebody else: a search in bytes is cheaper than their text.
  if (!environ.includes(runId)) return false;
  return environ
    .toString('latin1')
    .split('\0')
    .some((variable) => {
      if (variable === `${ownMark}=${runId}`) return true;
      return variable.startsWith(`${outerMarks}=`) && idsIn(variable.slice(outerMarks.length + 1)).includes(runId);
    });
}

function idsIn(text: string): string[] {
  return text.split(' ').filter((id) => id !== '');
}
