import type { LogRecord } from '../log-records.ts';
import { createBucketRecords } from '../search/bucket-records.ts';
import { createLineRecords } from '../search/line-records.ts';
import type { LogConsumer } from '../search/log-consumer.ts';
import { searchLogs } from '../search/search-logs.ts';
import { createTemplateRecords } from '../search/template-records.ts';
import { withoutKeys } from './cover-keys.ts';
import { lineRewriter } from './line-rewriter.ts';
import { searchByRipgrepFor } from './rules-by-ripgrep.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';
import { type Settle, settlementOf } from './settle.ts';
import { startQuery, type QueryProblem, type StartedQuery } from './start-query.ts';

export interface RecordEnd {
  found: boolean;
  problems: readonly QueryProblem[];
  /** For people, when everything was told: what the records leave out. */
  notes: readonly string[];
  settle: Settle;
}

export interface RecordOptions {
  /** The answer is all that is asked for: nothing more is wanted once a line was found. */
  isQuiet: boolean;
  /** How many bars fit. */
  columns: number;
}

/** What is found as records, as soon as it is. */
export async function* recordLogs(
  query: Query,
  host: QueryHost,
  { isQuiet, columns }: RecordOptions,
): AsyncGenerator<LogRecord | QueryProblem, RecordEnd, void> {
  const news: QueryProblem[] = [];
  const started = await startQuery(query, host, (problem) => news.push(problem));
  const { kind } = query;
  let isHandedOver = false;
  try {
    yield* news.splice(0);
    const way = await wayOf(query, started, { host, isQuiet, columns });
    // A judge has to see all there is, and hides keys by itself.
    const consumer = query.options.redact === true && kind !== 'rule' ? withoutKeys(way.consumer) : way.consumer;
    const options = { ...started.search, ...(way.isEnough === undefined ? {} : { isEnough: way.isEnough }) };
    if (kind === 'rule') Object.assign(options, await searchByRipgrepFor(query, started, host));
    const isFollowing = query.options.follow === true && started.logs !== undefined;
    const searching = isFollowing
      ? (await import('./follow-query.ts')).followQuery(query, host, { ...started, search: options }, consumer)
      : searchLogs(started.inputs, started.watch(consumer), options);
    for await (const _ of searching) {
      yield* way.take();
      yield* news.splice(0);
    }
    const { records, recentHits, notes } = way.end();
    yield* records;
    yield* news.splice(0);
    isHandedOver = true;
    const settle = settlementOf(started, recentHits ?? new Map());
    return { found: way.found(), problems: started.problems, notes: notes ?? [], settle };
  } finally {
    if (!isHandedOver) started.close();
  }
}

/** How the records of one kind are made. */
interface Way {
  consumer: LogConsumer;
  isEnough?: () => boolean;
  /** What can be told by now. */
  take(): LogRecord[];
  end(): { records: LogRecord[]; recentHits?: ReadonlyMap<string, readonly number[]>; notes?: string[] };
  found(): boolean;
}

interface Circumstances extends RecordOptions {
  host: QueryHost;
}

async function wayOf(query: Query, started: StartedQuery, { host, isQuiet, columns }: Circumstances): Promise<Way> {
  const { kind, options, zone } = query;
  const rewrite = lineRewriter(query);
  switch (kind) {
    case 'line':
    case 'count': {
      const { style, search } = started;
      const lines = createLineRecords({
        style,
        patterns: search.selection.patterns,
        rewrite,
        zone,
        countsEvents: search.selection.multiline,
      });
      return {
        consumer: lines,
        take: () => lines.take(),
        end: () => ({ records: lines.take() }),
        found: () => lines.found() > 0,
        ...(isQuiet ? { isEnough: () => lines.found() > 0 } : {}),
      };
    }
    case 'rule': {
      const { judgeOf, resultsOf } = await import('./judge-query.ts');
      const judge = judgeOf(query, started);
      return {
        consumer: judge,
        take: () => [],
        end() {
          const { results, recentHits } = resultsOf(query, judge, host, started.problems.length > 0);
          return { records: results, recentHits };
        },
        found: () => judge.matched() > 0,
      };
    }
    case 'template': {
      const miner = createTemplateRecords(rewrite);
      let total = 0;
      return {
        consumer: miner,
        take: () => [],
        end() {
          const { templates, total: all, others } = miner.top(options.top!);
          total = all;
          const notes = others === 0 ? [] : [`${others} of ${all} lines were of templates too rare to be remembered`];
          return { records: templates, notes };
        },
        found: () => total > 0,
      };
    }
    case 'bucket': {
      const { window } = query.selection;
      const buckets = createBucketRecords({ ...window, columns });
      return {
        consumer: buckets,
        take: () => [],
        end() {
          const untimed = buckets.untimed();
          const notes = untimed === 0 ? [] : [`${untimed} of ${buckets.found()} lines have no time that can be read`];
          return { records: buckets.buckets(zone()), notes };
        },
        found: () => buckets.found() > 0,
      };
    }
  }
}
