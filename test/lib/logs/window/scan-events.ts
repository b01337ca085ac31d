import type { TimeFormat } from '../../../../src/lib/logs/time/time-format.ts';
import type { TimeWindow } from '../../../../src/lib/logs/window/time-window.ts';

/** An event and all its lines. */
export interface ScannedEvent {
  start: number;
  end: number;
  timeMs: number;
}

/** Reads every line of [start, end) in order, each time with that of the line before as its hint. */
export function scanEvents(bytes: Buffer, format: TimeFormat, start = 0, end = bytes.length): ScannedEvent[] {
  const events: ScannedEvent[] = [];
  for (let at = start; at < end;) {
    const feed = bytes.indexOf(10, at);
    const lineEnd = feed === -1 || feed >= end ? end : feed;
    const timeMs = format.read(bytes, at, lineEnd, events.at(-1)?.timeMs);
    const behind = Math.min(lineEnd + 1, end);
    if (timeMs !== undefined) events.push({ start: at, end: behind, timeMs });
    else if (events.length > 0) events.at(-1)!.end = behind;
    at = behind;
  }
  return events;
}

/** Those of a window. */
export function eventsOf(events: readonly ScannedEvent[], { sinceMs, untilMs }: TimeWindow): ScannedEvent[] {
  return events.filter(({ timeMs }) => timeMs >= (sinceMs ?? -Infinity) && timeMs < (untilMs ?? Infinity));
}
