import { closeSync, statSync } from 'node:fs';
import { followLogs } from '../follow/follow-logs.ts';
import { absolute } from '../inputs/below.ts';
import { hasWildcard } from '../inputs/expand-glob.ts';
import { countLineFeeds } from '../search/count-line-feeds.ts';
import type { LogConsumer } from '../search/log-consumer.ts';
import type { LogInput } from '../search/log-input.ts';
import { searchLogs } from '../search/search-logs.ts';
import { asksForEvents, withoutWindow } from '../search/selection.ts';
import { sourceProblem } from '../source/source-problem.ts';
import { createFollowedSearch, type FollowedSearch } from './followed-search.ts';
import {
  closePlaces,
  formatOf,
  headOf,
  isOutput,
  isSameFile,
  nothingYet,
  type Place,
  placeOf,
} from './followed-place.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';
import type { StartedQuery } from './start-query.ts';

/** One log on its way. */
interface Followed extends Place {
  input: LogInput;
  search: FollowedSearch | undefined;
  /** No more of it is wanted (-m). */
  isDone: boolean;
}

/**
 * Searches what is there by now when a window asks for it, and then what is written from now on, until the signal ends
 * it, or no more lines are wanted. Yields when something was given to the consumer.
 */
export async function* followQuery(
  query: Query,
  host: QueryHost,
  started: StartedQuery,
  consumer: LogConsumer,
): AsyncGenerator<void, void, void> {
  const { search } = started;
  const selection = withoutWindow(search.selection);
  const hasWindow = selection !== search.selection;
  const needsFormat = search.wantsFacts || asksForEvents(selection);
  const logs = new Map<string, Followed>();
  const isEnough = () => search.isEnough?.() === true || Array.from(logs.values()).every(({ isDone }) => isDone);
  let current: Followed | undefined;
  try {
    for (const { name, path } of pathsOf(query, host, started)) {
      const input: LogInput = { name, source: { kind: 'file', path }, modifiedSeconds: host.now().getTime() / 1000 };
      const place = placeOf(path, { name, numbersLines: search.numbersLines, needsFormat, selection, query, host });
      if (place.descriptor !== undefined && isOutput(place.descriptor, search)) {
        closeSync(place.descriptor);
        search.onProblem(sourceProblem('unreadable', name, 'is where the output goes, and is left out'), input);
      } else logs.set(path, { ...place, input, search: undefined, isDone: false });
    }
    for (const log of logs.values()) {
      if (hasWindow && log.end > 0) yield* searchUntil(log, log.input, 0, log.end);
    }
    const followed = [];
    for (const [path, log] of logs) {
      const isRotated = log.descriptor !== undefined && !isSameFile(log.descriptor, path);
      // What was written meanwhile into the file that was there.
      if (isRotated) yield* searchRest(log, log.descriptor!);
      followed.push({ name: log.input.name, path, start: isRotated ? 0 : log.end });
      if (isRotated) Object.assign(log, nothingYet(search.numbersLines));
    }
    if (isEnough()) return;
    for await (const { log, bytes, isNewFile } of followLogs(followed, { signal: host.signal, onNote: host.note })) {
      const state = logs.get(log.path)!;
      closePlaces(logs.values());
      if (state.isDone) continue;
      if (isNewFile) Object.assign(state, nothingYet(search.numbersLines), { search: undefined });
      if (needsFormat && state.format?.time === undefined) {
        const format = formatOf(headOf(log.path) ?? bytes, query, host);
        if (state.format?.shape !== format.shape || format.time !== undefined) state.search = undefined;
        state.format = format;
      }
      state.search ??= createFollowedSearch({
        selection,
        wantsFacts: search.wantsFacts,
        format: state.format ?? { time: undefined, shape: 'text' },
        firstLine: state.line,
        before: state.before,
      });
      if (search.numbersLines) state.line += countLineFeeds(bytes, 0, bytes.length);
      const batch = state.search.add(bytes);
      if (batch !== undefined) {
        if (current !== state) {
          if (current !== undefined) consumer.end();
          consumer.begin(state.input);
        }
        current = state;
        state.isDone = consumer.add(batch);
      }
      state.search.leave();
      yield;
      if (isEnough()) return;
    }
  } finally {
    if (current !== undefined) consumer.end();
    closePlaces(logs.values());
  }

  async function* searchUntil(log: Followed, input: LogInput, start: number, end: number | undefined) {
    const watched: LogConsumer = {
      ...consumer,
      add(batch) {
        log.isDone = consumer.add(batch);
        return log.isDone;
      },
    };
    yield* searchLogs([{ ...input, start, ...(end === undefined ? {} : { end }) }], watched, search);
  }

  async function* searchRest(log: Followed, descriptor: number) {
    yield* searchUntil(log, { ...log.input, source: { kind: 'descriptor', descriptor } }, log.end, undefined);
  }
}

/** What was found, and what was named and is not there yet. */
function pathsOf({ files }: Query, host: QueryHost, { logs }: StartedQuery): { name: string; path: string }[] {
  const found = new Map<string, { name: string; path: string }>();
  for (const { name, path, kind } of logs ?? []) if (kind === 'file') found.set(path, { name, path });
  for (const name of files) {
    const path = absolute(host.cwd(), name);
    if (!hasWildcard(name) && isMissing(path)) found.set(path, { name, path });
  }
  return [...found.values()];
}

function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
