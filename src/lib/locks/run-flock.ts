import { setImmediate } from 'node:timers/promises';
import type { Environment } from '../shell/find-program.ts';
import { runShortProgram } from '../shell/run-short-program.ts';
import { printable } from '../text/printable.ts';
import { unusable } from './unusable.ts';

export type FlockAnswer = 'locked' | 'busy' | 'missing';

/** A filesystem that hangs must not hang us. */
const longestTry = 10;

/** Locks the open file `descriptor` with flock(1) or tells at once that it cannot; throws UserError where there are no locks. */
export async function runFlock(
  path: string,
  descriptor: number,
  { env, signal }: { env: Environment; signal: AbortSignal },
): Promise<FlockAnswer> {
  signal.throwIfAborted();
  // The words that busybox has as well. Standard input is the descriptor.
  const argv = ['flock', '-x', '-n', '0'] as const;
  const end = await runShortProgram({ argv, env, input: descriptor, timeoutSeconds: longestTry });
  switch (end.kind) {
    case 'missing':
      return 'missing';
    case 'exited':
      return answerOf(path, end.code, end.stderr);
    case 'timed-out':
      throw unusable(path, `no answer within ${longestTry} seconds`, 'name a local disk for it');
    case 'failed':
      throw unusable(path, end.message, 'name a local disk for it');
    case 'signalled':
    default:
      // Ctrl-C ends it as well as us, and we hear of it when events are looked at.
      await setImmediate();
      signal.throwIfAborted();
      throw unusable(path, 'flock was killed', 'try again');
  }
}

/** As runFlock, but waits. `cannot-wait`: this flock(1), that of busybox, does not know how to. */
export async function waitForFlock(
  path: string,
  descriptor: number,
  { env, signal, seconds }: { env: Environment; signal: AbortSignal; seconds: number },
): Promise<FlockAnswer | 'cannot-wait'> {
  const { streamProgram } = await import('../shell/stream-program.ts');
  const argv = ['flock', '-x', '-w', seconds.toFixed(3), '0'] as const;
  const stream = streamProgram({ argv, env, input: descriptor, signal });
  let next = await stream.next();
  while (!next.done) next = await stream.next();
  const { end, stderr } = next.value;
  signal.throwIfAborted();
  if (end.kind === 'not-started') return 'missing';
  if (end.kind !== 'exited') throw unusable(path, 'flock was killed', 'try again');
  if (end.code !== 0 && /option|usage/i.test(stderr)) return 'cannot-wait';
  return answerOf(path, end.code, stderr);
}

function answerOf(path: string, code: number, stderr: string): FlockAnswer {
  if (code === 0) return 'locked';
  // Silent, for a failure of busybox is 1 as well.
  if (code === 1 && stderr === '') return 'busy';
  const reason = printable(stderr.trim().slice(0, 200));
  throw unusable(path, reason === '' ? `flock ended with exit code ${code}` : reason, 'name a local disk for it');
}
