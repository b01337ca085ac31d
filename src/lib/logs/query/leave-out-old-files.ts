import type { FoundLog } from '../inputs/find-logs.ts';
import { openChunks } from '../source/open-chunks.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';

/** Rotated files were written by one program, which may have reopened its log a little late. */
const toleranceMs = 60_000;

/** Of the rotated files of each log only those that may have events of the window; a look at their beginnings tells. */
export async function leaveOutOldFiles(
  logs: readonly FoundLog[],
  query: Query,
  host: QueryHost,
): Promise<readonly FoundLog[]> {
  const { window } = query.selection;
  if (window === undefined || !logs.some(({ isRotated }) => isRotated)) return logs;
  const { filesInWindow } = await import('../window/skipped-files.ts');
  const kept: FoundLog[] = [];
  let group: FoundLog[] = [];
  for (const log of logs) {
    group.push(log);
    // The file that is being written is the last one of each log.
    if (log.isRotated) continue;
    kept.push(...(await inWindow(group)));
    group = [];
  }
  return [...kept, ...(await inWindow(group))];

  async function inWindow(files: readonly FoundLog[]): Promise<FoundLog[]> {
    if (files.length < 2) return [...files];
    const timed = [];
    for (const log of files) timed.push({ log, ...(await firstTimes(log, query, host)) });
    return filesInWindow(timed, window!, toleranceMs).map(({ log }) => log);
  }
}

async function firstTimes(log: FoundLog, { zone, timeFormat }: Query, { env, signal }: QueryHost) {
  const { factsOfSample } = await import('../window/read-sample.ts');
  const chunks = openChunks(log.path, { signal, env, name: log.name, chunkBytes: 65_536 });
  try {
    const { value, done } = await chunks.next();
    const head = done === true ? Buffer.alloc(0) : value;
    const { firstMs, firstLatestMs } = factsOfSample(
      head,
      { zone: zone(), modifiedSeconds: log.modifiedSeconds },
      timeFormat,
    );
    return { firstMs, ...(firstLatestMs === undefined ? {} : { firstLatestMs }) };
  } finally {
    await chunks.return({ problems: [] });
  }
}
