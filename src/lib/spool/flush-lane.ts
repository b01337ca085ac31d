import type { EntryHead } from './entry-file.ts';
import type { FlushOptions } from './flush.ts';
import type { FlushResult } from './flush-result.ts';
import { tryEntry } from './try-entry.ts';

export interface Lane {
  folder: string;
  options: FlushOptions;
  /** Where it is written down. */
  result: FlushResult;
  /** Of the whole flush. */
  secondsLeft(): number;
  /** At most, for this lane. */
  shareSeconds: number;
}

/** Tries what goes to one notifier, in turn, until one fails: the others would only wait for the same server. */
export async function tryLane(entries: readonly EntryHead[], lane: Lane): Promise<void> {
  const { folder, options, result } = lane;
  const began = performance.now();
  let stopped: string | undefined;
  for (const { id, to } of entries) {
    const seconds = Math.min(lane.secondsLeft(), lane.shareSeconds - (performance.now() - began) / 1000);
    if (options.signal.aborted) stopped ??= 'interrupted';
    else if (seconds <= 0) stopped ??= 'there was no time left';
    if (stopped !== undefined) {
      result.waiting.push({ id, to, reason: stopped });
      continue;
    }
    const attempt = await tryEntry(folder, id, { ...options, seconds });
    switch (attempt.state) {
      case 'delivered':
        result.delivered.push(id);
        break;
      case 'dead':
        result.dead.push({ id, to, reason: attempt.reason });
        break;
      case 'unreadable':
        result.unreadable.push({ file: `${id}.json`, reason: attempt.reason });
        break;
      case 'failed':
      case 'interrupted':
        stopped = attempt.reason;
        result.waiting.push({ id, to, reason: stopped });
        break;
      case 'gone':
      default:
        break;
    }
  }
}
