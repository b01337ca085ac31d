import type { Screen } from './command.ts';
import type { CommandLine } from './command-line.ts';
import type { CommandTable } from './command-table.ts';
import { createContext } from './create-context.ts';
import { UserError } from './lib/errors/user-error.ts';
import { runCommand, type RunEnd } from './run-command.ts';
import type { Runtime } from './runtime.ts';
import type { SharedValues } from './shared-options.ts';

/** A job of ours stops its own clock first, so that it can tell what it has: the one of the job only catches what hangs. */
const timeoutLeewaySeconds = 5;

/**
 * `devops ssl-expiry --notify ops` is `devops run --notify ops -- devops ssl-expiry`, but for its output, which stays
 * what it is: the same words are run again as the command of a job.
 */
export async function runAsJob(
  line: CommandLine,
  name: string,
  { shared: typed, runtime, table }: { shared: SharedValues; runtime: Runtime; table: CommandTable },
): Promise<RunEnd> {
  const { job, config, verbose, logFormat, timeoutSeconds } = typed;
  // A Lambda function has no jobs.
  if (table['run'] === undefined) {
    throw new UserError('the options of a job mean nothing here: no command can be started', { code: 'usage' });
  }
  const { default: command } = await table['run'].load();
  const behind = line.afterDoubleDash === undefined ? [] : ['--', ...line.afterDoubleDash];
  const words = ['devops', ...line.leading, ...name.split(' '), ...line.rest, ...behind];
  const shared: SharedValues = {
    output: 'text',
    reports: [],
    quiet: false,
    verbose,
    logFormat,
    noColor: false,
    ...(config === undefined ? {} : { config }),
    failOn: 'warning',
    noInput: true,
    dryRun: false,
    yes: false,
  };
  const options = {
    ...job,
    name: undefined,
    ...(timeoutSeconds === undefined ? {} : { timeout: `${timeoutSeconds + timeoutLeewaySeconds}s` }),
    ownOutput: name,
  };
  const { ctx, close } = createContext(runtime, shared, words);
  const screen: Screen = { columns: Infinity, rows: 24, terminal: false, color: false, unicode: false };
  try {
    return await runCommand(ctx, runtime, { command, name: 'run', options, args: [], shared, screen });
  } finally {
    await close();
  }
}
