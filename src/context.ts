import type { Readable } from 'node:stream';
import type { LoadedConfig } from './lib/config/load-config.ts';
import type { Logger } from './lib/log/logger.ts';
import type { Output } from './runtime.ts';
import type { Progress } from './terminal/progress.ts';

/** All that a command may touch. */
export interface Context {
  stdin(): Readable;
  /** Standard input when it is a regular file, which need not be read from end to end; undefined otherwise. */
  readonly stdinFile: number | undefined;
  /** For children that may read it by themselves; undefined for a terminal, and where there is no descriptor. */
  readonly stdinDescriptor: number | undefined;
  /** Records go through the runner; only `raw` writes here. */
  readonly stdout: Output;
  /** People: progress, warnings, hints. */
  readonly stderr: Output;
  readonly terminal: Terminal;
  /** Throws a UserError when the working directory was deleted. */
  cwd(): string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userId: number;
  readonly processId: number;
  homeDirectory(): string | undefined;
  readonly version: string;
  readonly self: readonly [string, ...string[]];
  readonly log: Logger;
  /** devops.yaml, read and checked at the first call. */
  config(): Promise<LoadedConfig>;
  /** The value of --config. */
  readonly configPath: string | undefined;
  now(): Date;
  /** Seconds of a clock that nobody sets, for durations. */
  monotonic(): number;
  /** Waits on that clock, at most until the signal aborts: then it rejects with the signal's reason. */
  pause(seconds: number, signal: AbortSignal): Promise<void>;
  /** Ctrl-C, SIGTERM, SIGHUP, a closed pipe, --timeout: every wait takes it. */
  readonly signal: AbortSignal;
  /** Of a command that `endsByItself`: aborted by a second signal. */
  urgent(): AbortSignal;
  readonly progress: Progress;
  /** --quiet: of what is found only what is not ok is printed. */
  readonly quiet: boolean;
  /** The run is judged by its verdicts: a report was asked for, or junit, github, markdown, nagios or prometheus. */
  readonly judging: boolean;
  /** --dry-run: say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Shows the plan on stderr with the command's own text and asks; true with --yes, false without a terminal. */
  confirm(records: readonly unknown[], question: string): Promise<boolean>;
  /** The words behind `--`, undefined when there was none. */
  readonly afterDoubleDash: readonly string[] | undefined;
}

export interface Terminal {
  /** Width of standard output; Infinity when it is no terminal. */
  readonly columns: number;
  readonly color: boolean;
  readonly unicode: boolean;
  /** Somebody can be asked: stdin and stderr are terminals and --no-input was not given. */
  readonly interactive: boolean;
  readonly stdout: boolean;
}
