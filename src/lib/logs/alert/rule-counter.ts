import { formatDuration } from '../../quantity/duration.ts';
import { ownText } from '../own-text.ts';
import { createLullFinder, largestLullCount, type Span } from './lull.ts';
import type { LogRule } from './log-rule.ts';
import { createRecentTimes, lastTimes, mostRecentTimes } from './recent-times.ts';
import { createSlidingWindow, type Peak } from './sliding-window.ts';
import { createTimeSorter } from './time-sorter.ts';

/** What a rule has to say about one run. */
export interface RuleOutcome {
  fired: boolean;
  /** Why it fired. */
  because?: 'too many' | 'too few';
  /**
   * Why it can neither be called fired nor fine: the run is shorter than the period of `atLeast`, and has too few lines
   * for one, or those that are `late` could be what is missing. Never together with `fired`.
   */
  undecided?: string;
  count: number;
  /** Of the lines that have a time, in milliseconds since the epoch. */
  firstMs?: number;
  lastMs?: number;
  /** The first line, at most 2,048 characters of it. */
  sample?: string;
  /**
   * The largest number within any window of the threshold's period; without a period, or without any time, the whole
   * run is the window. Lines without a time might belong to any window, so each of them counts in this one, too (but in
   * none for `atLeast`): an alarm too many is better than one too few. Lines of earlier runs count in it, too, so that it
   * may be more than `count`, and begin before `firstMs`.
   */
  peak: Peak;
  /** How thresholds were compared: `run`, as a whole, when none has a period, and when no line has a time to go by. */
  window: 'sliding' | 'run';
  /** The first stretch with too few lines, when `atLeast` has a period. */
  lull?: Span;
  /** How many lines had no time. */
  untimed: number;
  /** How many lines came so late that no window could count them any more, see time-sorter.ts. */
  late: number;
}

export interface RuleCounter {
  /**
   * Before the first hit: what `recent` said after the run before. Such times count in windows of the threshold's period
   * that have a line of this run, and nowhere else.
   */
  seed(timesMs: readonly number[]): void;
  /** One line that the rule matches, and its time. */
  hit(timeMs: number | undefined, line: string): void;
  /**
   * The end of the run. `span`: what the run looked at, from its beginning (or the first line's time) to its end; it is
   * what `atLeast` needs to see that nothing came at the beginning or at the end. Without it the first and the last hit
   * are the bounds.
   */
  end(span?: Span): RuleOutcome;
  /**
   * What the next run has to know, after `end`: the times of the last lines, earlier runs included, within a period of
   * the last one, as many as can make a difference (16,384 at most). None without a period, or without a time.
   */
  recent(): number[];
}

const longestSample = 2048;

/** Counts what a rule matches, in bounded memory: at most 3 MiB, and 8 bytes for each of `atLeast.count`. 0.2 µs a hit. */
export function createRuleCounter(rule: LogRule): RuleCounter {
  const { atLeast } = rule;
  // A rule that only asks for enough has nothing against many.
  const threshold = rule.threshold ?? (atLeast === undefined ? { count: 1 } : undefined);
  const perSeconds = threshold?.perSeconds;
  const window = perSeconds === undefined ? undefined : createSlidingWindow(perSeconds);
  const finder =
    atLeast?.perSeconds === undefined || atLeast.count > largestLullCount
      ? undefined
      : createLullFinder(atLeast.count, atLeast.perSeconds);
  const capacity = threshold?.perSeconds === undefined ? 0 : Math.min(threshold.count - 1, mostRecentTimes);
  const recent = createRecentTimes(capacity);
  let earlier: number[] = [];
  let nextEarlier = 0;
  const addEarlier = (untilMs: number): void => {
    while (nextEarlier < earlier.length && earlier[nextEarlier]! <= untilMs) {
      const timeMs = earlier[nextEarlier++]!;
      window?.add(timeMs, true);
      recent.add(timeMs);
    }
  };
  const sorter =
    window === undefined && finder === undefined
      ? undefined
      : createTimeSorter((timeMs) => {
          if (nextEarlier < earlier.length) addEarlier(timeMs);
          window?.add(timeMs);
          recent.add(timeMs);
          finder?.add(timeMs);
        });
  let count = 0;
  let untimed = 0;
  let firstMs = Infinity;
  let lastMs = -Infinity;
  let sample: string | undefined;

  return {
    seed(timesMs) {
      earlier = lastTimes(timesMs, capacity);
    },
    hit(timeMs, line) {
      count++;
      sample ??= ownText(line.slice(0, longestSample));
      if (timeMs === undefined || !Number.isFinite(timeMs)) {
        untimed++;
        return;
      }
      if (timeMs < firstMs) firstMs = timeMs;
      if (timeMs > lastMs) lastMs = timeMs;
      sorter?.add(timeMs);
    },
    end(span) {
      sorter?.end();
      addEarlier(Infinity);
      const timed = count - untimed;
      const sliding = window !== undefined && timed > 0;
      const peak: Peak = sliding ? window.peak() : { count: timed, exact: true };
      if (!sliding && timed > 0) peak.startMs = firstMs;
      peak.count += untimed;
      const tooMany = threshold !== undefined && peak.count >= threshold.count;
      const few = atLeast === undefined ? undefined : tooFew(atLeast.count, atLeast.perSeconds, span);
      const because = tooMany ? 'too many' : few?.fired === true ? 'too few' : undefined;
      const late = sorter?.late() ?? 0;
      const missing = threshold !== undefined && peak.count + late >= threshold.count ? tooLate(late) : few?.undecided;
      return {
        fired: because !== undefined,
        ...(because === undefined ? {} : { because }),
        ...(because !== undefined || missing === undefined ? {} : { undecided: missing }),
        count,
        ...(timed === 0 ? {} : { firstMs, lastMs }),
        ...(sample === undefined ? {} : { sample }),
        peak,
        window: timed > 0 && sorter !== undefined ? 'sliding' : 'run',
        ...(few?.lull === undefined ? {} : { lull: few.lull }),
        untimed,
        late,
      };
    },
    recent() {
      if (count === untimed) return earlier;
      const lengthMs = (perSeconds ?? 0) * 1000;
      // A time that is far in the future, of an earlier run, must not hide all that follows.
      return recent.times().filter((timeMs) => Math.abs(timeMs - lastMs) < lengthMs);
    },
  };

  function tooFew(
    least: number,
    period: number | undefined,
    span: Span | undefined,
  ): { fired: boolean; undecided?: string; lull?: Span } {
    // Without a single time there are no windows: then the whole run is one.
    if (period === undefined || finder === undefined || (untimed > 0 && untimed === count)) {
      const short = period !== undefined && span !== undefined && span.endMs - span.startMs < period * 1000;
      return count < least && short ? undecided(period, span) : { fired: count < least };
    }
    const { lull, tooShort } = finder.end(span);
    if (tooShort) return undecided(period, span!);
    if (lull !== undefined) return { fired: true, lull };
    return { fired: count < least };
  }
}

function tooLate(late: number): string {
  return `${late} ${late === 1 ? 'line' : 'lines'} came too late in the log to be counted in their period`;
}

function undecided(period: number, { startMs, endMs }: Span): { fired: boolean; undecided: string } {
  const covered = formatDuration(Math.max(0, endMs - startMs) / 1000);
  return { fired: false, undecided: `the run covers ${covered}, the rule speaks of ${formatDuration(period)}` };
}
