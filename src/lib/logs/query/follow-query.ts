import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { type FollowedLog, followLogs } from '../follow/follow-logs.ts';
import { countLineFeeds } from '../search/count-line-feeds.ts';
import { createEventTracker, type EventTracker } from '../search/event-tracker.ts';
import type { LogConsumer } from '../search/log-consumer.ts';
import type { LogInput } from '../search/log-input.ts';
import { lastLineEndOf } from '../search/last-line-end.ts';
import { lineFeedsBefore } from '../search/lines-around.ts';
import type { FoundBatch } from '../search/search-log.ts';
import { searchLogs } from '../search/search-logs.ts';
import { createRunSelector, type Runs } from '../search/select-runs.ts';
import { asksForEvents, withoutWindow, type LineFormat } from '../search/selection.ts';
import { factsOfSample } from '../window/read-sample.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';
import type { StartedQuery } from './start-query.ts';

const sampleBytes = 65_536;

/** One log on its way. */
interface Followed {
  input: LogInput;
  format: LineFormat | undefined;
  select: (bytes: Buffer, events: EventTracker) => Runs;
  events: EventTracker | undefined;
  /** Number of the next line. */
  line: number;
}

/**
 * Searches what is there by now when a window asks for it, and then what is written from now on, until the signal ends
 * it. Yields when something was given to the consumer.
 */
export async function* followQuery(
  query: Query,
  host: QueryHost,
  started: StartedQuery,
  consumer: LogConsumer,
): AsyncGenerator<void, void, void> {
  const { search } = started;
  const hasWindow = search.selection.window !== undefined;
  const selection = withoutWindow(search.selection);
  const logs: FollowedLog[] = [];
  const states = new Map<string, Followed>();
  for (const { name, path } of pathsOf(query, host, started)) {
    const from = placeOf(path, search.numbersLines, name);
    const input: LogInput = { name, source: { kind: 'file', path }, modifiedSeconds: host.now().getTime() / 1000 };
    if (hasWindow && from.end > 0) {
      yield* searchLogs([{ ...input, end: from.end }], consumer, search);
    }
    states.set(path, {
      input,
      format: undefined,
      select: createRunSelector(selection, 'text'),
      events: undefined,
      line: from.line,
    });
    logs.push({ name, path, ...(from.isThere ? { start: from.end } : { start: 0 }) });
  }
  const needsFormat = search.wantsFacts || asksForEvents(selection);
  let current: Followed | undefined;
  for await (const { log, bytes, isNewFile } of followLogs(logs, {
    signal: host.signal,
    env: host.env,
    onNote: host.note,
  })) {
    const state = states.get(log.path)!;
    if (isNewFile) Object.assign(state, { line: 1, format: undefined, events: undefined });
    if (needsFormat && state.format?.time === undefined) {
      state.format = formatOf(log.path, bytes, query, host);
      state.events = undefined;
    }
    const format = state.format ?? { time: undefined, shape: 'text' };
    const events = (state.events ??= createEventTracker(selection, format));
    if (current !== state) consumer.begin(state.input);
    current = state;
    events.enter(bytes);
    const runs = state.select(bytes, events);
    events.rewind();
    const batch: FoundBatch = {
      bytes,
      offset: 0,
      runs,
      events,
      firstLine: search.numbersLines ? state.line : 0,
      format,
    };
    consumer.add(batch);
    if (needsFormat) events.leave();
    if (search.numbersLines) state.line += countLineFeeds(bytes, 0, bytes.length);
    yield;
  }
}

/** What was found, and what was named and is not there yet. */
function pathsOf({ files }: Query, host: QueryHost, { logs }: StartedQuery): { name: string; path: string }[] {
  const found = (logs ?? []).filter(({ kind }) => kind === 'file').map(({ name, path }) => ({ name, path }));
  const missing = files
    .filter((word) => word !== '-' && !/[*?[]/.test(word))
    .map((name) => ({ name, path: resolve(host.cwd(), name) }))
    .filter(({ name, path }) => !found.some((log) => log.path === path || log.name.startsWith(name)));
  return [...found, ...missing];
}

/** Where the last whole line of a file ends as it is now, and the number of the line behind it. */
function placeOf(path: string, numbersLines: boolean, name: string): { isThere: boolean; end: number; line: number } {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return { isThere: false, end: 0, line: 1 };
  }
  try {
    const end = lastLineEndOf(descriptor, fstatSync(descriptor).size);
    return { isThere: true, end, line: numbersLines ? 1 + lineFeedsBefore(descriptor, end, name) : 1 };
  } finally {
    closeSync(descriptor);
  }
}

/** By the file's beginning, or by these lines when that cannot be read any more. */
function formatOf(path: string, lines: Buffer, { zone, timeFormat }: Query, { now }: QueryHost): LineFormat {
  let head: Buffer = lines;
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const bytes = Buffer.alloc(sampleBytes);
      head = bytes.subarray(0, readSync(descriptor, bytes, 0, sampleBytes, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The lines themselves tell as much.
  }
  const context = { zone: zone(), modifiedSeconds: now().getTime() / 1000 };
  const facts = factsOfSample(head.length > 0 ? head : lines, context, timeFormat);
  return { time: facts.format, shape: facts.shape };
}
