import type { LogRule } from '../alert/log-rule.ts';
import { createRuleCounter, type RuleCounter } from '../alert/rule-counter.ts';
import { parseLevelFilter } from '../fields/level-filter.ts';
import type { Level } from '../fields/level.ts';
import { compilePatterns, type CompiledPatterns } from '../pattern/compile-patterns.ts';
import { createLineClassifier } from '../pattern/line-classifier.ts';
import type { KeyCover } from './key-cover.ts';
import type { LogConsumer } from './log-consumer.ts';
import type { FoundBatch } from './search-options.ts';
import { visitLines } from './visit-lines.ts';

/** Counts the lines that each of many rules is about, in one look at each line. */
export interface RuleJudge extends LogConsumer {
  /** One for each rule, in their order. */
  readonly counters: readonly RuleCounter[];
  /** Where the first line of each rule was found. */
  sourceOf(index: number): string | undefined;
  /** Lines that one rule or more is about. */
  matched(): number;
  /** The time of the earliest log's first event. */
  firstMs(): number | undefined;
  /** For messages: the name of the log, or how many there were. */
  sources(): string;
}

export interface RuleJudgeOptions {
  /** Every line that is found counts for every rule: there is one, made of the options that found it. */
  countsAll: boolean;
  /** What a sample becomes before it is shown. */
  rewrite?: ((line: Buffer) => Buffer) | undefined;
  /** Hides in samples what reaches over lines. */
  keys?: KeyCover | undefined;
  /** An event counts once for a rule, however many of its lines match. */
  countsEvents: boolean;
}

interface Judged {
  rule: LogRule;
  counter: RuleCounter;
  levels: ReadonlySet<Level> | undefined;
  /** It says what is in a line. Else it is about events, whose stack traces are no more of them. */
  countsLines: boolean;
  source: string | undefined;
}

/** A log may begin with a banner. */
const mostLeadingLines = 200;

export function createRuleJudge(rules: readonly LogRule[], options: RuleJudgeOptions): RuleJudge {
  const judged: Judged[] = rules.map((rule) => ({
    rule,
    counter: createRuleCounter(rule),
    levels: rule.level === undefined ? undefined : parseLevelFilter(rule.level),
    countsLines: rule.match !== undefined || rule.all !== undefined || (options.countsAll && rule.not !== undefined),
    source: undefined,
  }));
  const classify = options.countsAll ? undefined : classifierOf(judged);
  /** Rules that the event has counted for. */
  const counted = new Set<Judged>();
  let name = '';
  let names = 0;
  let isBeginning = false;
  let matched = 0;
  let firstMs: number | undefined;
  /** The lines as they may be shown. */
  let shown: Buffer = Buffer.alloc(0);

  /** What a rule keeps of a line is its sample, the first one. */
  function sampleOf(one: Judged, start: number, end: number): string {
    if (one.source !== undefined) return '';
    one.source = name;
    const lineEnd = end > start && shown[end - 1] === 0x0d ? end - 1 : end;
    const line = shown.subarray(start, lineEnd);
    return (options.rewrite?.(line) ?? line).toString('utf8', 0, 16_384);
  }

  function addLine({ bytes, events }: FoundBatch, start: number, end: number): void {
    if (options.countsEvents && events.isStart(start, end)) counted.clear();
    const about = classify === undefined ? judged : classify(bytes, start, end);
    if (about.length === 0) return;
    const { timeMs, level } = events.at(start);
    let isAny = false;
    for (const one of about) {
      if (!one.countsLines && !events.isStart(start, end)) continue;
      if (one.levels !== undefined && classify !== undefined) {
        const is = level();
        if (is === undefined || !one.levels.has(is)) continue;
      }
      if (options.countsEvents && counted.has(one)) continue;
      if (options.countsEvents) counted.add(one);
      one.counter.hit(timeMs, sampleOf(one, start, end));
      isAny = true;
    }
    if (isAny) matched++;
  }

  function seeBeginning({ bytes, format }: FoundBatch): void {
    let lines = 0;
    visitLines(bytes, [0, bytes.length], (start, lineEnd) => {
      const timeMs = format.time?.read(bytes, start, lineEnd);
      if (timeMs !== undefined) firstMs = Math.min(timeMs, firstMs ?? timeMs);
      return timeMs !== undefined || ++lines >= mostLeadingLines;
    });
  }

  return {
    counters: judged.map(({ counter }) => counter),
    sourceOf: (index) => judged[index]?.source,
    matched: () => matched,
    firstMs: () => firstMs,
    sources: () => (names === 1 ? name : `${names} logs`),
    begin(input) {
      name = input.name;
      names++;
      isBeginning = true;
      options.keys?.begin(input);
    },
    add(batch) {
      if (isBeginning) seeBeginning(batch);
      isBeginning = false;
      shown = options.keys?.cover(batch.bytes) ?? batch.bytes;
      visitLines(batch.bytes, batch.runs, (start, lineEnd) => addLine(batch, start, lineEnd));
      return false;
    },
    end() {
      options.keys?.end();
    },
  };
}

/** Of a line, the rules whose patterns say that it is theirs; the level is looked at afterwards. */
function classifierOf(judged: readonly Judged[]): (bytes: Buffer, start: number, end: number) => readonly Judged[] {
  const patterns: string[] = [];
  const indices = new Map<string, number>();
  const indexOf = (pattern: string): number => {
    const known = indices.get(pattern) ?? patterns.push(pattern) - 1;
    indices.set(pattern, known);
    return known;
  };
  const wanted = judged.map(({ rule }) => ({
    match: rule.match?.map(indexOf),
    all: rule.all?.map(indexOf) ?? [],
    none: [...(rule.not ?? []), ...(rule.exclude ?? [])].map(indexOf),
  }));
  const classifier = createLineClassifier(patterns, (matched) => {
    const has = new Set(matched);
    return judged.filter((_, index) => {
      const { match, all, none } = wanted[index]!;
      if (match !== undefined && !match.some((pattern) => has.has(pattern))) return false;
      return all.every((pattern) => has.has(pattern)) && !none.some((pattern) => has.has(pattern));
    });
  });
  return (bytes, start, end) => classifier.classify(bytes, start, end);
}

/** One of these must be in a line for any rule to be about it; undefined when a rule is about lines without. */
export function patternsOfRules(rules: readonly LogRule[]): CompiledPatterns | undefined {
  const patterns = rules.map(({ match, all }) => match ?? all?.slice(0, 1));
  if (!patterns.every((list) => list !== undefined)) return undefined;
  return compilePatterns([...new Set(patterns.flat())]);
}
