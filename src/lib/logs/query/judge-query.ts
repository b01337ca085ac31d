import { randomName } from '../../files/random-name.ts';
import { formatDuration } from '../../quantity/duration.ts';
import { formatMoment } from '../../time/format-moment.ts';
import type { LogRule } from '../alert/log-rule.ts';
import type { RuleOutcome } from '../alert/rule-counter.ts';
import { ruleResult } from '../alert/rule-verdicts.ts';
import type { LogRuleResult } from '../log-records.ts';
import { createRuleJudge, type RuleJudge } from '../search/rule-judge.ts';
import type { QueryHost } from './query-host.ts';
import type { Query } from './query.ts';
import { createKeyCover } from './cover-keys.ts';
import { lineRewriter } from './line-rewriter.ts';
import type { StartedQuery } from './start-query.ts';

/** A judge for the rules of a query, who knows the hits of earlier runs. */
export function judgeOf(query: Query, started: StartedQuery): RuleJudge {
  const judge = createRuleJudge(query.rules, {
    countsAll: query.countsAll,
    countsEvents: query.selection.multiline,
    rewrite: lineRewriter(query),
    keys: query.options.redact === true ? createKeyCover() : undefined,
  });
  for (const [index, { name }] of query.rules.entries()) judge.counters[index]!.seed(started.recentHits(name));
  return judge;
}

/** What the rules say, when all logs are read; and the hits that count for the next run. */
export function resultsOf(
  query: Query,
  judge: RuleJudge,
  host: QueryHost,
  isIncomplete: boolean,
): { results: LogRuleResult[]; recentHits: Map<string, readonly number[]> } {
  const { window } = query.selection;
  const startMs = window?.sinceMs ?? judge.firstMs();
  // Silence until now is silence, also when the log itself ended long ago.
  const endMs = window?.untilMs ?? host.now().getTime();
  const span = startMs === undefined || startMs > endMs ? undefined : { startMs, endMs };
  // What this run finds in a log that is read on from where the last run ended, no later run finds again.
  const event = query.options.state === undefined ? undefined : randomName();
  const formatTime = (timeMs: number) => formatMoment(timeMs / 1000, query.zone());
  const results = query.rules.map((rule, index) => {
    const source = judge.sourceOf(index);
    const outcome = undecidedIf(
      doubtOf(rule, span, isIncomplete, window !== undefined),
      judge.counters[index]!.end(span),
    );
    return ruleResult(rule, outcome, {
      ...(source === undefined ? {} : { source }),
      sources: query.files.length === 1 ? query.files[0]! : judge.sources(),
      formatTime,
      event,
    });
  });
  const hits = query.rules.map(({ name }, index): [string, readonly number[]] => [
    name,
    judge.counters[index]!.recent(),
  ]);
  return { results, recentHits: new Map(hits) };
}

/** Why a rule that has not fired cannot be called fine, either. */
function doubtOf(
  { threshold }: LogRule,
  span: { startMs: number; endMs: number } | undefined,
  isIncomplete: boolean,
  hasWindow: boolean,
): string | undefined {
  if (isIncomplete) return 'not everything could be read';
  const period = threshold?.perSeconds;
  if (!hasWindow || period === undefined || span === undefined) return undefined;
  const covered = (span.endMs - span.startMs) / 1000;
  if (covered >= period) return undefined;
  return `the run covers ${formatDuration(Math.round(covered))}, the rule speaks of ${formatDuration(period)}`;
}

/** What is too many stays too many, whatever was not seen. */
function undecidedIf(doubt: string | undefined, outcome: RuleOutcome): RuleOutcome {
  if (doubt === undefined || outcome.because === 'too many') return outcome;
  const { because: _because, ...rest } = outcome;
  return { ...rest, fired: false, undecided: outcome.undecided ?? doubt };
}
