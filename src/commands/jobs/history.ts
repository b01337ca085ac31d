import { defineCommand, type Spec } from '../../command.ts';
import { parseDuration } from '../../lib/quantity/duration.ts';
import { formatDuration } from '../../lib/quantity/duration.ts';
import { wholeNumber } from '../../lib/quantity/whole-number.ts';
import type { JobRun } from '../../lib/jobs/job-run.ts';
import { paint, type Color } from '../../terminal/color.ts';
import { printable } from '../../lib/text/printable.ts';

export default defineCommand({
  description:
    'List the runs of a job on this machine, the last one last: when, for how long, how they ended, who was told.',
  examples: [
    { command: 'devops jobs history backup-db', what: 'its last 20 runs' },
    { command: 'devops jobs history backup-db --failed --last 100 -o json', what: 'what failed, for a program' },
  ],
  define: (spec: Spec) =>
    spec
      .argument('<job>', 'a job of devops.yaml, or a name that devops jobs status --all shows')
      .option('--last <count>', 'how many runs', wholeNumber(1, 100_000), 20)
      .option('--since <duration>', 'only runs that began within this time, such as 7d', parseDuration)
      .option('--failed', 'only runs that were not good'),
  shape: 'many',
  async *run(ctx, { last, since, failed }, name: string): AsyncGenerator<JobRun> {
    const { openHistoryOf } = await import('../../job-history.ts');
    const from = since === undefined ? undefined : ctx.now().getTime() - since * 1000;
    yield* await openHistoryOf(ctx, name, {
      last,
      isWanted: (run) =>
        (failed !== true || !['ok', 'skipped', 'busy'].includes(run.state)) &&
        (from === undefined || Date.parse(run.startedAt) >= from),
    });
  },
  columns: [
    {
      name: 'started',
      value: ({ startedAt }) => startedAt,
      cell: ({ startedAt }) => `${startedAt.slice(0, 19).replace('T', ' ')}Z`,
    },
    {
      name: 'took',
      value: ({ durationSeconds }) => durationSeconds,
      cell: ({ durationSeconds }) => formatDuration(durationSeconds),
      align: 'right',
    },
    { name: 'state', value: ({ state }) => state, cell: ({ state }, screen) => paint(screen, colorOf(state), state) },
    { name: 'code', value: ({ exitCode }) => exitCode, align: 'right' },
    { name: 'attempts', value: ({ attempts }) => attempts, align: 'right', dispensable: true },
    { name: 'alerts', value: ({ alerts }) => alerts, align: 'right', dispensable: true },
    {
      name: 'ended',
      value: ({ ended, heldBy }) => (heldBy === undefined ? ended : `${ended}: ${heldBy}`),
      cell: ({ ended, heldBy }) => printable(heldBy === undefined ? ended : `${ended}: ${heldBy}`),
      dispensable: true,
    },
    { name: 'run', programsOnly: true, value: ({ runId }) => runId },
  ],
});

function colorOf(state: JobRun['state']): Color {
  if (state === 'ok') return 'green';
  return state === 'failed' || state === 'timed-out' ? 'red' : 'yellow';
}
