import type { AnyCommand, Screen } from '../command.ts';
import type { FailOn } from '../exit-code.ts';
import type { Metric } from '../lib/results/metric.ts';
import type { Verdict } from '../lib/results/verdict.ts';

/** Makes text of records. Pure but for what it keeps between the records; the runner writes. */
export interface Renderer {
  /** Text for this record, '' when it is held back until the end. */
  record(result: unknown, verdicts: readonly Verdict[]): string;
  /** The rest. Called once, whatever happened. */
  end(ending: Ending): string;
}

/** How a run ended. */
export interface Ending {
  /** What the run said at its end, beyond its records. */
  verdicts: readonly Verdict[];
  /** Why it ended early. */
  failure?: Failure;
}

export interface Failure {
  code: string;
  message: string;
  hints: readonly string[];
}

export interface RenderSetup {
  command: AnyCommand;
  /** The options as `text` may want them. */
  options: unknown;
  /** Only for the formats that show metrics, of a command that has them. */
  metricsOf?: (result: unknown) => Iterable<Metric>;
  /** What was typed: `config check`. */
  name: string;
  screen: Screen;
  quiet: boolean;
  /** Whether the run is judged by its verdicts. */
  judging: boolean;
  failOn: FailOn;
  live: boolean;
  startedAt: Date;
  now(): Date;
}

/** Stands in for a run that judged nothing: an empty green report would be a wrong "fine". */
export function nothingWasJudged(name: string): Verdict {
  return { status: 'unknown', subject: name, code: 'nothing-judged', message: 'nothing was judged' };
}

/** A failure as one judgement, for the formats that are made of judgements. */
export function failureVerdict(name: string, failure: Failure): Verdict {
  return {
    status: 'unknown',
    subject: name,
    code: failure.code,
    message: failure.message,
    ...(failure.hints[0] === undefined ? {} : { hint: failure.hints[0] }),
  };
}

/** All judgements of a run, in order, the failure last. Never empty. */
export function closingVerdicts(name: string, seen: readonly Verdict[], ending: Ending): Verdict[] {
  const all = [...seen, ...ending.verdicts];
  if (ending.failure !== undefined) all.push(failureVerdict(name, ending.failure));
  return all.length === 0 ? [nothingWasJudged(name)] : all;
}
