import { Interruption } from './interruption.ts';
import type { Context, Terminal } from './context.ts';
import type { LoadedConfig } from './lib/config/load-config.ts';
import { UserError } from './lib/errors/user-error.ts';
import { createLogger } from './lib/log/create-logger.ts';
import type { Logger } from './lib/log/logger.ts';
import { isJudged } from './output/formats.ts';
import type { Runtime } from './runtime.ts';
import type { SharedValues } from './shared-options.ts';
import { wantsColor, wantsUnicode } from './terminal/color.ts';
import { createProgress } from './terminal/progress.ts';

export interface CreatedContext {
  ctx: Context;
  /** Writes what is still on its way, and ends the clock of --timeout. */
  close(): Promise<void>;
}

/** The Context of one run, from what the outside gives and what the shared options say. */
export function createContext(
  runtime: Runtime,
  shared: SharedValues,
  afterDoubleDash: readonly string[] | undefined,
): CreatedContext {
  const { stdout, stderr, env } = runtime;
  const unicode = wantsUnicode(env);
  const interactive = runtime.stdinIsTerminal && stderr.isTerminal && !shared.noInput;
  const terminal: Terminal = {
    columns: stdout.isTerminal ? (stdout.columns() ?? 80) : Infinity,
    color: wantsColor(env, stdout.isTerminal, shared.noColor),
    unicode,
    interactive,
    stdout: stdout.isTerminal,
  };
  const progress = createProgress(stderr, !shared.quiet, unicode, () => runtime.now());
  const logger = createLogger({
    level: shared.verbose ? 'debug' : 'warn',
    format: shared.logFormat,
    now: () => runtime.now(),
    write(line) {
      progress.clear();
      stderr.write(line)?.catch(() => undefined);
    },
  });
  const clock = startClock(shared.timeoutSeconds);
  let config: Promise<LoadedConfig> | undefined;
  const ctx: Context = {
    stdin: () => runtime.stdin(),
    stdinFile: runtime.stdinFile,
    stdinDescriptor: runtime.stdinDescriptor,
    stdout,
    stderr,
    terminal,
    cwd: () => cwdOf(runtime),
    env,
    userId: runtime.userId,
    processId: runtime.processId,
    homeDirectory: () => runtime.homeDirectory(),
    version: runtime.version,
    self: runtime.self,
    log: logger.log,
    config: () => (config ??= readConfigFor(runtime, shared.config, logger.log)),
    configPath: shared.config,
    now: () => runtime.now(),
    monotonic: () => runtime.monotonic(),
    pause: (seconds, signal) => runtime.pause(seconds, signal),
    signal: clock === undefined ? runtime.interrupted : AbortSignal.any([runtime.interrupted, clock.signal]),
    urgent: () => runtime.endsByItself(),
    progress,
    quiet: shared.quiet,
    judging: isJudged(shared),
    dryRun: shared.dryRun,
    confirm: () => Promise.reject(new Error('confirm belongs to a running command')),
    afterDoubleDash,
  };
  return {
    ctx,
    async close() {
      clock?.stop();
      progress.clear();
      await logger.flush();
    },
  };
}

function startClock(seconds: number | undefined): { signal: AbortSignal; stop(): void } | undefined {
  if (seconds === undefined) return undefined;
  const controller = new AbortController();
  const reached = new Interruption('timeout', `--timeout of ${seconds}s reached: the answer is not complete`);
  // setTimeout knows no more than 24.8 days.
  const timer = setTimeout(() => controller.abort(reached), Math.min(seconds * 1000, 2 ** 31 - 1));
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

function cwdOf(runtime: Runtime): string {
  const directory = runtime.cwd();
  if (directory !== undefined) return directory;
  throw new UserError('the working directory does not exist any more', { hints: ['cd to a folder that exists'] });
}

async function readConfigFor(runtime: Runtime, path: string | undefined, log: Logger): Promise<LoadedConfig> {
  const { readConfig } = await import('./read-config.ts');
  const loaded = await readConfig(runtime, path);
  log.debug(loaded.path === undefined ? 'there is no devops.yaml: all is default' : `read ${loaded.path}`);
  return loaded;
}
