import { randomNumbers } from '../random-numbers.ts';

/** One event: its lines, and when it was. */
export interface WrittenEvent {
  timeMs: number;
  lines: string[];
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');
const clock = (at: Date): string => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;

/** How programs write a time (all of them UTC), with whole seconds where they have no fractions. */
export const lineFormats: Record<
  string,
  { write(at: Date, text: string): string; wholeSeconds: boolean; option?: string }
> = {
  'ISO with a zone': { write: (at, text) => `${at.toISOString()} ${text}`, wholeSeconds: false },
  'ISO without a zone': {
    write: (at, text) => `${at.toISOString().replace('T', ' ').replace('Z', '').replace('.', ',')} ${text}`,
    wholeSeconds: false,
  },
  'the common log format': {
    write: (at, text) =>
      `10.0.0.1 - - [${two(at.getUTCDate())}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}:${clock(at)} +0000] "GET /${text} HTTP/1.1" 200 5`,
    wholeSeconds: true,
  },
  'syslog without a year': {
    write: (at, text) =>
      `${months[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${clock(at)} host app[1]: ${text}`,
    wholeSeconds: true,
  },
  'RFC 5424': { write: (at, text) => `<34>1 ${at.toISOString()} host app 1 ID - ${text}`, wholeSeconds: false },
  JSON: { write: (at, text) => JSON.stringify({ time: at.toISOString(), msg: text }), wholeSeconds: false },
  logfmt: { write: (at, text) => `time=${at.toISOString()} msg="${text}"`, wholeSeconds: false },
  'epoch seconds': { write: (at, text) => `${Math.floor(at.getTime() / 1000)} ${text}`, wholeSeconds: true },
  'epoch milliseconds': { write: (at, text) => `${at.getTime()} ${text}`, wholeSeconds: false },
  klog: {
    write: (at, text) =>
      `I${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())} ${clock(at)}.${String(at.getUTCMilliseconds()).padStart(3, '0')}000 1 main.go:1] ${text}`,
    wholeSeconds: false,
  },
  'a format of its own': {
    write: (at, text) =>
      `${text} ${two(at.getUTCDate())}|${two(at.getUTCMonth() + 1)}|${at.getUTCFullYear()}~${clock(at)}`,
    wholeSeconds: true,
    option: '%d|%m|%Y~%H:%M:%S',
  },
};

/** Events from `fromMs` on, over some `durationMs`, some with lines behind them that have no time. */
export function randomEvents(
  seed: number,
  {
    format,
    fromMs,
    durationMs,
    count,
    disorderMs = 0,
    width = 30,
  }: {
    format: string;
    fromMs: number;
    durationMs: number;
    count: number;
    disorderMs?: number;
    width?: number;
  },
): WrittenEvent[] {
  const random = randomNumbers(seed);
  const { write, wholeSeconds } = lineFormats[format]!;
  let time = fromMs;
  return Array.from({ length: count }, (_, number) => {
    time += random(Math.ceil((2 * durationMs) / count));
    const shifted = time - (disorderMs > 0 ? random(disorderMs) : 0);
    const timeMs = wholeSeconds ? Math.floor(shifted / 1000) * 1000 : shifted;
    const text = `${random(4) === 0 ? 'needle' : 'other'}-${number}-${'x'.repeat(random(width))}`;
    const lines = [write(new Date(timeMs), text)];
    if (random(5) === 0) lines.push('  at some.place(File.java:1)', '', '  needle in a trace');
    return { timeMs, lines };
  });
}

export function textOf(events: readonly WrittenEvent[]): string {
  return events.map(({ lines }) => lines.map((line) => `${line}\n`).join('')).join('');
}

/** What is in a window, found by looking at every event. */
export function inWindow(
  events: readonly WrittenEvent[],
  { sinceMs = -Infinity, untilMs = Infinity }: { sinceMs?: number; untilMs?: number },
): WrittenEvent[] {
  return events.filter(({ timeMs }) => timeMs >= sinceMs && timeMs < untilMs);
}
