import { plainLines } from '../search/grep-style.ts';
import type { SearchLogsOptions } from '../search/search-logs.ts';
import { asksForEvents } from '../search/selection.ts';
import { isPlainText, leastBytes } from './plan-ripgrep.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';
import type { StartedQuery } from './start-query.ts';

/** ripgrep as the first look at large files for lines that any rule may be about; nothing where that is not worth it. */
export async function searchByRipgrepFor(
  { options }: Query,
  { logs, search }: StartedQuery,
  { env, signal }: QueryHost,
): Promise<Pick<SearchLogsOptions, 'searchOne'>> {
  const { selection } = search;
  const { patterns, invert } = selection;
  // What is hidden is known by the lines before it, which ripgrep leaves out.
  if (options.redact === true) return {};
  if (options.engine === 'devops' || logs === undefined || patterns === undefined || invert) return {};
  if (asksForEvents(selection) || selection.eventStart !== undefined || patterns.rust.length === 0) return {};
  const large = new Map(logs.filter(({ size }) => size >= leastBytes).map((log) => [log.path, log]));
  if (large.size === 0) return {};
  const [{ findRipgrep, requireRipgrep }, { ripgrepFits }, { searchByRipgrep }] = await Promise.all([
    import('../ripgrep/find-ripgrep.ts'),
    import('../ripgrep/ripgrep-fits.ts'),
    import('../search/ripgrep-lane.ts'),
  ]);
  const find = options.engine === 'ripgrep' ? requireRipgrep : findRipgrep;
  const ripgrep = await find(env, signal);
  if (ripgrep === undefined || !ripgrepFits(patterns, plainLines, ripgrep.version)) return {};
  return {
    searchOne(input) {
      const { source } = input;
      if (source.kind !== 'file') return undefined;
      const log = large.get(source.path);
      if (log === undefined || !isPlainText(log, search)) return undefined;
      return searchByRipgrep({ ...input, source }, patterns, ripgrep.path, search);
    },
  };
}
