import { defineCommand, type Outcome, type Spec } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import type { JobRun } from '../../lib/jobs/job-run.ts';
import { quoted } from '../../lib/text/quoted.ts';

/** The output of one run. */
export interface JobLog {
  /** The run, as devops jobs history tells it. */
  run: JobRun;
  /** Its output, secrets and all: bytes that are no UTF-8 are U+FFFD. Of more than 1 MiB its beginning and its end. */
  output: string;
}

const mostInRecord = 1024 * 1024;

export default defineCommand({
  description:
    'Print the output of the last run of a job that has been started; of one that runs, what it has printed so far. The output is as the job wrote it: what it printed of secrets stands there.',
  examples: [
    { command: 'devops jobs logs backup-db', what: 'of the last run' },
    { command: 'devops jobs logs backup-db --failed', what: 'of the last one that failed' },
  ],
  define: (spec: Spec) =>
    spec
      .argument('<job>', 'a job of devops.yaml, or a name that devops jobs status --all shows')
      .option('--failed', 'the last run that was not good')
      .option('--run <id>', 'this run; devops jobs history -o json has the ids'),
  shape: 'one',
  async raw(ctx, options, name: string): Promise<Outcome<JobLog>> {
    const { runningLogOf } = await import('../../job-history.ts');
    const isLatest = options.failed !== true && options.run === undefined;
    const running = isLatest ? runningLogOf(ctx, name) : undefined;
    const logFile = running ?? (await chosenRun(ctx, name, options)).logFile;
    if (running !== undefined) void ctx.stderr.write(`devops: ${name} is running: this is its output so far\n`);
    if (logFile !== undefined) {
      const { copyFileTo } = await import('../../lib/files/copy-file-to.ts');
      await copyFileTo(logFile, (chunk) => ctx.stdout.write(chunk), ctx.signal);
    }
    return {};
  },
  async *run(ctx, options, name: string): AsyncGenerator<JobLog> {
    const run = await chosenRun(ctx, name, options);
    if (run.logFile === undefined) {
      yield { run, output: '' };
      return;
    }
    const { readHeadAndTail } = await import('../../lib/shell/capture-output.ts');
    const half = mostInRecord / 2;
    yield { run, output: readHeadAndTail(run.logFile, { headBytes: half, tailBytes: half }).text };
  },
  text: ({ output }) => output.replace(/\n$/, ''),
});

async function chosenRun(
  ctx: Context,
  name: string,
  { failed, run: id }: { failed?: true | undefined; run?: string | undefined },
): Promise<JobRun> {
  const { openHistoryOf } = await import('../../job-history.ts');
  const isWanted = (run: JobRun): boolean => {
    if (id !== undefined) return run.runId === id;
    return run.attempts > 0 && (failed !== true || (run.state !== 'ok' && run.state !== 'skipped'));
  };
  const [run] = await openHistoryOf(ctx, name, { last: 1, isWanted });
  if (run !== undefined) return run;
  const which = id === undefined ? (failed === true ? 'run that failed' : 'run') : `run ${id}`;
  throw new UserError(`job ${quoted(name)} has no ${which} here`, {
    code: 'not-found',
    hints: [`list them: devops jobs history ${name}`],
  });
}
