import { fstatSync } from 'node:fs';
import type { LogRuleResult } from '../log-records.ts';
import { createByteSink } from '../search/byte-sink.ts';
import { createGrepWriter } from '../search/grep-writer.ts';
import type { LogConsumer } from '../search/log-consumer.ts';
import type { LogInput } from '../search/log-input.ts';
import { searchLogs } from '../search/search-logs.ts';
import type { RipgrepPlan } from './plan-ripgrep.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';
import { type Settle, settlementOf } from './settle.ts';
import { startQuery, type QueryProblem, type StartedQuery } from './start-query.ts';

/** Where the lines go. */
export interface LineOutput {
  write(piece: Buffer): Promise<void> | undefined;
  flush(): Promise<void>;
  /** For a program that may write by itself. */
  descriptor: number | undefined;
}

export interface GrepEnd {
  found: boolean;
  problems: readonly QueryProblem[];
  /** Of the rules that were at work. */
  results: readonly LogRuleResult[];
  settle: Settle;
}

type Found = Omit<GrepEnd, 'settle'> & { recentHits: ReadonlyMap<string, readonly number[]> };

/** Prints what is found as grep does, and judges it where there are rules. */
export async function grepLogs(
  query: Query,
  host: QueryHost,
  output: LineOutput,
  onProblem: (problem: QueryProblem) => void,
): Promise<GrepEnd> {
  const started = await startQuery(query, host, onProblem);
  let isHandedOver = false;
  const { count, filesWith, filesWithout } = started.style;
  // Counts and names are few, and come behind what is read.
  if (!count && !filesWith && !filesWithout) started.search.output = identityOf(output.descriptor);
  try {
    const { ripgrepPlan } = await import('./plan-ripgrep.ts');
    const plan = await ripgrepPlan(query, started, output.descriptor, host);
    const found =
      plan === undefined
        ? await grepByUs(query, host, output, started)
        : await grepByParts(plan, query, host, output, started);
    const { recentHits, ...end } = found;
    isHandedOver = true;
    return { ...end, settle: settlementOf(started, recentHits) };
  } finally {
    if (!isHandedOver) started.close();
  }
}

async function grepByParts(
  plan: RipgrepPlan,
  query: Query,
  host: QueryHost,
  output: LineOutput,
  started: StartedQuery,
): Promise<Found> {
  const nothing = { results: [], recentHits: new Map() };
  let found = false;
  for (const part of plan.parts) {
    if (part.kind === 'ripgrep') {
      await output.flush();
      const end = await plan.run(part.names);
      found ||= end.found;
      // Nobody wants more; what could not be read is not told, as with our own output.
      if (end.isReaderGone) return { found, problems: [], ...nothing };
    } else {
      const end = await grepByUs(query, host, output, { ...started, inputs: part.inputs });
      found ||= end.found;
    }
  }
  return { found, problems: started.problems, ...nothing };
}

async function grepByUs(query: Query, host: QueryHost, output: LineOutput, started: StartedQuery): Promise<Found> {
  const { inputs, style, search, isLive, problems } = started;
  const sink = createByteSink(output.write);
  const { patterns } = search.selection;
  const redaction = query.options.redact === true ? await loadRedaction() : undefined;
  const rewrite = redaction?.lineRewriter(query);
  const writer = createGrepWriter({
    style,
    patterns,
    sink,
    countsEvents: search.selection.multiline,
    ...(rewrite === undefined ? {} : { rewrite }),
  });
  const judging = query.rules.length === 0 ? undefined : await import('./judge-query.ts');
  const judge = judging?.judgeOf(query, started);
  const shown = redaction?.withoutKeys(writer) ?? writer;
  const consumer = judge === undefined ? shown : both(judge, shown);
  const options = { ...search, wantsFacts: judge !== undefined };
  // What follows files comes from files; a pipe and a journal go on by themselves.
  const isFollowing = query.options.follow === true && started.logs !== undefined;
  const searching = isFollowing
    ? (await import('./follow-query.ts')).followQuery(query, host, { ...started, search: options }, consumer)
    : searchLogs(inputs, started.watch(consumer), options);
  for await (const _ of searching) {
    if (isLive || isFollowing) {
      await unlessAborted(sink.flush(), host.signal);
      // A reader who has gone is noticed now, not with the next line, which may be hours away.
      await unlessAborted(output.flush(), host.signal);
    } else {
      const waiting = sink.flushFull();
      if (waiting !== undefined) await unlessAborted(waiting, host.signal);
    }
  }
  await unlessAborted(sink.flush(), host.signal);
  await unlessAborted(output.flush(), host.signal);
  const found = writer.found() > 0;
  if (judging === undefined || judge === undefined) return { found, problems, results: [], recentHits: new Map() };
  return { found, problems, ...judging.resultsOf(query, judge, host, problems.length > 0) };
}

async function loadRedaction() {
  const [{ lineRewriter }, { withoutKeys }] = await Promise.all([
    import('./line-rewriter.ts'),
    import('./cover-keys.ts'),
  ]);
  return { lineRewriter, withoutKeys };
}

/** Waits for a reader who may never read on. Throws the reason of the signal. */
async function unlessAborted(written: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([written, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Of the file that the output goes to; undefined for a terminal or a pipe. */
function identityOf(descriptor: number | undefined): { device: number; inode: number } | undefined {
  if (descriptor === undefined) return undefined;
  const stats = fstatSync(descriptor);
  return stats.isFile() ? { device: stats.dev, inode: stats.ino } : undefined;
}

/** Whoever judges has to see everything, also when no more of it is to be printed. */
function both(first: LogConsumer, second: LogConsumer): LogConsumer {
  let isEnough = false;
  return {
    begin(input: LogInput) {
      isEnough = false;
      first.begin(input);
      second.begin(input);
    },
    add(batch) {
      first.add(batch);
      if (!isEnough) isEnough = second.add(batch);
      return false;
    },
    end() {
      first.end();
      second.end();
    },
  };
}
