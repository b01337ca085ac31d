import { UserError } from '../../errors/user-error.ts';
import type { Lock } from '../../locks/lock.ts';
import { formatDuration } from '../../quantity/duration.ts';
import type { QueryHost } from './query-host.ts';

/** Two runs at once would both deliver the same lines. Throws UserError `busy` that says who is at it. */
export async function lockState(path: string, name: string, host: QueryHost): Promise<Lock> {
  const { acquireLock } = await import('../../locks/acquire-lock.ts');
  const now = host.now().getTime() / 1000;
  const what = `devops logs-grep --state ${name}`;
  const { env, signal, processId: pid } = host;
  const answer = await acquireLock(`${path}.lock`, { env, signal, pid, now, what });
  if ('lock' in answer) return answer.lock;
  const { pid: holder, sinceSeconds } = answer.busy;
  const since = sinceSeconds === undefined ? '' : `, for ${formatDuration(Math.round(sinceSeconds))}`;
  throw new UserError(`another run is at work on the state '${name}' (process ${holder ?? 'unknown'}${since})`, {
    code: 'busy',
    hints: ['what is new is left for the next run'],
  });
}
