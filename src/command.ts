import type { Command as CommanderCommand, OptionValues } from '@commander-js/extra-typings';
import type { ExitCodeMeaning } from './exit-code.ts';
import type { Context } from './context.ts';
import type { Metric } from './lib/results/metric.ts';
import type { Verdict } from './lib/results/verdict.ts';

/** commander's own words for arguments and options; what is declared flows into the types of `run`. */
// eslint-disable-next-line typescript/no-empty-object-type -- commander's own start value for "no options yet"
export type Spec<Args extends unknown[] = [], Options extends OptionValues = {}> = CommanderCommand<Args, Options>;

/** What a renderer of text may know of the place where it is read. */
export interface Screen {
  /** Width in characters; Infinity off a terminal, where nothing is cut. */
  columns: number;
  rows: number;
  terminal: boolean;
  color: boolean;
  /** Whether the locale can show box characters and bars. */
  unicode: boolean;
  /** Live view only: the records before this one, oldest first. */
  previous?: readonly unknown[];
}

/** One column of the table, of tab-separated text and of csv. */
export interface Column<Result> {
  name: string;
  /** The plain value, for programs. Undefined is an empty cell. */
  value(result: Result): string | number | boolean | undefined;
  /** The cell for a screen, where it is more than the plain value; `rows` are all records of the table. */
  cell?(result: Result, screen: Screen, rows?: readonly Result[]): string;
  /** Left out on a screen. */
  programsOnly?: true;
  /** Gives way first on a narrow screen, and is left out where too little would be left of it; the last one first. */
  dispensable?: true;
  align?: 'left' | 'right';
}

/** What a run says at its end, beyond its records. */
export interface Outcome<Result = never> {
  verdicts?: readonly Verdict[];
  /** Only of `raw`: what it found, for the reports and the verdicts alone. Standard output has its bytes already. */
  results?: readonly Result[];
  /** Only for `run`, `exec` and grep mode, whose exit code is somebody else's answer. */
  exitCode?: number;
  /**
   * Called when the output and all reports are with the system, or when that failed: for what may only be remembered of
   * a run whose output nobody has lost. What it throws is the failure of the run.
   */
  afterOutput?(wasWritten: boolean): void;
  /**
   * Takes the whole output where `diverts` said so; without it nobody does. Called before the reports are ended, which
   * tell of its failure: that is the failure of the run.
   */
  deliver?(output: Buffer): Promise<void>;
}

export interface Example {
  command: string;
  what: string;
}

/** One command: what it takes, what it does, and which parts of the contract it has. A format is served by its part. */
export interface Command<Args extends unknown[], Options extends OptionValues, Result> {
  /** Paragraphs for --help, the manual and the reference. */
  description?: string;
  examples?: readonly Example[];
  /** Those beyond what every command answers; a function, so that a start does not make them. */
  exitCodes?(): readonly ExitCodeMeaning[];
  /** Annotate the parameter, `define: (spec: Spec) => ...`, or TypeScript infers `unknown` options. */
  define(spec: Spec): Spec<Args, Options>;
  /** Decides what json is: an object, or always an array. */
  shape: 'one' | 'many';
  /** Changes something: adds --dry-run and --yes, and a closed pipe does not stop it half way. */
  changes?: boolean;
  /**
   * It has children to end when it is interrupted, and tells by its exit code how they ended: the runner waits for it
   * after a signal, however long it takes.
   */
  endsByItself?: true;
  /** Whether these options make it run until it is stopped: `live` redraws the screen, `stream` goes on below. */
  endless?(options: Options): 'live' | 'stream' | false;
  /** Whether these options keep the output from standard output, in every format: `Outcome.deliver` takes it then. */
  diverts?(options: Options): boolean;
  /** Yields records as they come. A throw means that nothing more can be told. */
  run(ctx: Context, options: Options, ...args: Args): AsyncGenerator<Result, Outcome | void>;
  /** Bytes instead of records, asked first in the formats text and github without --quiet; undefined hands over to `run`. */
  raw?(ctx: Context, options: Options, ...args: Args): Promise<Outcome<Result> | undefined>;
  /** One record for a person. Pure. */
  text?(result: Result, screen: Screen, options: Options): string;
  /** Whether these options want the whole text of a single record, where otherwise only what was found would be printed. */
  explains?(options: Options): boolean;
  /** A function where the kind of record depends on the options, and on `judging` as the Context has it. */
  columns?: readonly Column<Result>[] | ((options: Options, judging: boolean) => readonly Column<Result>[]);
  /** Order of the table and of tab-separated text, which are then held back until the end. */
  sort?(a: Result, b: Result): number;
  /** What stands below the table on a screen, '' for nothing. Pure. */
  below?(results: readonly Result[], screen: Screen): string;
  /** What a record means. A record with `error` is one `unknown` without asking. */
  verdicts?(result: Result): Iterable<Verdict>;
  /** The metrics of one record; loaded only for the formats that show them. */
  loadMetrics?(): Promise<(result: Result) => Iterable<Metric>>;
  /** Formats of this command alone, made from all records. */
  formats?: Readonly<Record<string, (results: readonly Result[], options: Options) => string>>;
  /** Candidates for the word being typed after an option or as an argument, for shell completion. */
  complete?: Readonly<Record<string, () => readonly string[]>>;
}

export function defineCommand<Args extends unknown[], Options extends OptionValues, Result>(
  command: Command<Args, Options, Result>,
): Command<Args, Options, Result> {
  return command;
}

// eslint-disable-next-line typescript/no-explicit-any -- the one seam where the table of all commands loses their types
export type AnyCommand = Command<any, any, any>;
