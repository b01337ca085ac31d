import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimeFormat } from '../../../../src/lib/logs/time/time-format.ts';
import type { TimeWindow } from '../../../../src/lib/logs/window/time-window.ts';
import { localTimeOfSeconds } from '../../../../src/lib/time/local-time.ts';
import { openZone } from '../../../../src/lib/time/zone.ts';
import { isoFormat, ms, withLogFile, type Locate } from './log-file.ts';
import { eventsOf, scanEvents } from './scan-events.ts';

interface Recipe {
  seed: number;
  lines: number;
  /** Bytes of a line, on average. */
  width: number;
  /** Of the whole log. */
  durationMs: number;
  /** Shares of lines that have no time, and of events with the time of the one before. */
  continuations: number;
  standing: number;
  disorderMs: number;
  lineEnd: string;
}

const recipes: fc.Arbitrary<Recipe> = fc.record({
  seed: fc.nat(),
  lines: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 100, max: 1500 })),
  width: fc.constantFrom(40, 200, 800),
  durationMs: fc.constantFrom(0, 5000, 3_600_000, 86_400_000),
  continuations: fc.constantFrom(0, 0.3, 0.97),
  standing: fc.constantFrom(0, 0.5, 0.999),
  disorderMs: fc.constantFrom(0, 1000),
  lineEnd: fc.constantFrom('\n', '\r\n'),
});

function randomOf(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A log from `fromMs` on; `write` says a time as its lines do. */
function logOf(recipe: Recipe, fromMs: number, write: (timeMs: number) => string): Buffer {
  const random = randomOf(recipe.seed);
  const lines: string[] = [];
  let time = fromMs;
  for (let line = 0; line < recipe.lines; line++) {
    const padding = 'x'.repeat(Math.floor(random() * 2 * recipe.width));
    if (random() < recipe.continuations) {
      lines.push(`  at ${padding}`);
      continue;
    }
    if (random() >= recipe.standing) time += (random() * 2 * recipe.durationMs) / recipe.lines;
    lines.push(`${write(time - Math.floor(random() * recipe.disorderMs))} ${padding}`);
  }
  const end = random() < 0.7 ? recipe.lineEnd : '';
  return Buffer.from(lines.join(recipe.lineEnd) + end);
}

/** Windows that begin and end anywhere in the log, at its events' own times, before it and behind it. */
function windowsOf(events: readonly { timeMs: number }[], seed: number): TimeWindow[] {
  const random = randomOf(seed + 77);
  const some = (): number => {
    const at = events[Math.floor(random() * events.length)]?.timeMs ?? 0;
    return at + (random() < 0.5 ? 0 : Math.floor((random() - 0.5) * 10_000));
  };
  const windows: TimeWindow[] = [{ sinceMs: 0 }, { untilMs: 0 }, { sinceMs: 4e12 }, { untilMs: 4e12 }];
  for (let count = 0; count < 4; count++) {
    const [sinceMs, untilMs] = [some(), some() + (random() < 0.5 ? 600_000 : 0)];
    windows.push({ sinceMs, untilMs }, { sinceMs }, { untilMs });
  }
  return windows;
}

/**
 * Compares windows of a log with a scan of all of it; `slackMs`: how much more than asked for may be in a range at either
 * end. Answers how many events were in the windows.
 */
async function compare(
  locate: Locate,
  bytes: Buffer,
  format: TimeFormat,
  seed: number,
  slackMs: number,
): Promise<number> {
  const all = scanEvents(bytes, format);
  const bounds = new Set([0, bytes.length, ...all.map((event) => event.start)]);
  let found = 0;
  for (const window of windowsOf(all, seed)) {
    const { sinceMs = -Infinity, untilMs = Infinity } = window;
    const located = await locate(window, { format });
    if (located.kind === 'untimed') {
      expect(all).toEqual([]);
      continue;
    }
    if (located.kind === 'unsorted') throw new Error(`unsorted at ${located.at}`);
    const { start, end } = located;
    const inRange = scanEvents(bytes, format, start, end);
    const expected = sinceMs >= untilMs ? [] : eventsOf(all, window);
    found += expected.length;
    expect(eventsOf(inRange, window)).toEqual(expected);
    expect(inRange.filter(({ timeMs }) => timeMs < sinceMs - slackMs || timeMs >= untilMs + slackMs)).toEqual([]);
    expect(bounds.has(start) && bounds.has(end)).toBe(true);
    // The lines before the first event belong to a window without a beginning.
    if (end > start) expect(start).toBe(window.sinceMs === undefined ? 0 : inRange[0]?.start);
  }
  return found;
}

test('a window has the events that a scan of the whole file finds in it, and none that is far outside', async () => {
  const format = isoFormat();
  let found = 0;
  await fc.assert(
    fc.asyncProperty(recipes, async (recipe) => {
      const bytes = logOf(recipe, ms('2026-11-20T10:00:00Z'), (time) => new Date(time).toISOString());
      found += await withLogFile(bytes, (locate) => compare(locate, bytes, format, recipe.seed, 4000));
    }),
    { numRuns: 30 },
  );
  expect(found).toBeGreaterThan(1000);
});

const zones: readonly (readonly [zone: string, change: string])[] = [
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
];

test.each(zones)('the same holds for local times of %s around %s', async (name, change) => {
  const zone = openZone(name);
  const format = isoFormat(name);
  const write = (time: number): string => {
    const { year, month, day, hour, minute, second } = localTimeOfSeconds(
      time / 1000 + zone.offsetSeconds(time / 1000),
    );
    const two = (value: number): string => String(value).padStart(2, '0');
    const milliseconds = String(Math.floor((second % 1) * 1000)).padStart(3, '0');
    return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(Math.floor(second))}.${milliseconds}`;
  };
  let found = 0;
  await fc.assert(
    fc.asyncProperty(recipes, fc.double({ min: 0, max: 1, noNaN: true }), async (recipe, share) => {
      const durationMs = [3_600_000, 14_400_000, 86_400_000][recipe.seed % 3]!;
      const dense = {
        ...recipe,
        durationMs,
        standing: 0,
        continuations: recipe.continuations / 2,
        lines: recipe.lines + 400,
      };
      const bytes = logOf(dense, Math.round(ms(change) - share * durationMs), write);
      const slackMs = 2 * 3_600_000 + 4000;
      found += await withLogFile(bytes, (locate) => compare(locate, bytes, format, recipe.seed, slackMs));
    }),
    { numRuns: 12 },
  );
  expect(found).toBeGreaterThan(1000);
});
