import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { lastLineEnd } from '../cursor/last-line-end.ts';
import { readAt } from '../cursor/stored-file.ts';
import { createEventStart } from '../search/event-start.ts';
import { eventBefore, lineFeedsBefore } from '../search/lines-around.ts';
import type { SearchOptions } from '../search/search-options.ts';
import type { LineFormat, Selection } from '../search/selection.ts';
import { factsOfSample, sampleBytes } from '../window/read-sample.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';

/** Where following begins. */
export interface Place {
  /** Undefined when there was no such file; to be closed when following has begun. */
  descriptor: number | undefined;
  /** Byte behind the last whole line. */
  end: number;
  /** Number of the line that begins there; 0 when lines are not numbered. */
  line: number;
  /** Undefined until it can be told. */
  format: LineFormat | undefined;
  /** Lines before `end` of an event that may go on. */
  before: Buffer;
}

export function nothingYet(numbersLines: boolean): Omit<Place, 'descriptor'> {
  return { end: 0, line: numbersLines ? 1 : 0, format: undefined, before: Buffer.alloc(0) };
}

interface PlaceOptions {
  name: string;
  numbersLines: boolean;
  needsFormat: boolean;
  selection: Selection;
  query: Query;
  host: QueryHost;
}

/** Where the last whole line of a file ends as it is now, and what is known of the lines before. */
export function placeOf(
  path: string,
  { name, numbersLines, needsFormat, selection, query, host }: PlaceOptions,
): Place {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return { ...nothingYet(numbersLines), descriptor: undefined };
  }
  try {
    const { size } = fstatSync(descriptor);
    const end = lastLineEnd(descriptor, { from: 0, size, head: readAt(descriptor, 0, 2) });
    const line = numbersLines ? 1 + lineFeedsBefore(descriptor, end, name) : 0;
    const head = needsFormat ? readAt(descriptor, 0, sampleBytes) : Buffer.alloc(0);
    const format = head.length === 0 ? undefined : formatOf(head, query, host);
    const before =
      format === undefined ? Buffer.alloc(0) : eventBefore(descriptor, end, 0, createEventStart(selection, format));
    return { descriptor, end, line, format, before };
  } catch {
    closeSync(descriptor);
    return { ...nothingYet(numbersLines), descriptor: undefined };
  }
}

export function closePlaces(places: Iterable<Place>): void {
  for (const place of places) {
    if (place.descriptor !== undefined) closeSync(place.descriptor);
    place.descriptor = undefined;
  }
}

export function isOutput(descriptor: number, { output }: SearchOptions): boolean {
  const { ino, dev } = fstatSync(descriptor);
  return ino === output?.inode && dev === output.device;
}

/** Whether the name still means the file that is open; a name without a file is waited for. */
export function isSameFile(descriptor: number, path: string): boolean {
  try {
    const [open, named] = [fstatSync(descriptor), statSync(path, { throwIfNoEntry: false })];
    return named === undefined || (open.ino === named.ino && open.dev === named.dev);
  } catch {
    return true;
  }
}

/** The first bytes of a file; undefined when it cannot be read any more: then the lines themselves have to do. */
export function headOf(path: string): Buffer | undefined {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const head = readAt(descriptor, 0, sampleBytes);
      return head.length === 0 ? undefined : head;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

export function formatOf(head: Buffer, { zone, timeFormat }: Query, { now }: QueryHost): LineFormat {
  const facts = factsOfSample(head, { zone: zone(), modifiedSeconds: now().getTime() / 1000 }, timeFormat);
  return { time: facts.format, shape: facts.shape };
}
