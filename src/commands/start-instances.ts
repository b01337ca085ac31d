import { addTargetOptions } from '../aws-options.ts';
import { defineCommand, type Outcome, type Spec } from '../command.ts';
import type { PowerResult } from '../lib/aws/power/failed-action.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { addDueOption, addGuardOptions, addScheduleOptions, addSelectorOptions, powerWords } from '../power-options.ts';
import { nothingToDo, powerRecords, wantedNow } from '../power-session.ts';
import { columns, powerVerdicts, viewBelow } from '../views/power.ts';

export default defineCommand({
  description: [
    'Start EC2 instances and see that they run, twice. What stop-instances has stopped carries a tag (devops:stopped) that says who asked for it.',
    'With a schedule it acts only in on time, and starts exactly what the same schedule has stopped, autoscaling groups too; selectors narrow that. Anything that somebody has stopped or started by hand is left alone. With ids it starts those instances, whoever stopped them; --run brings back what one run of stop-instances has stopped, --asg what is stopped of a group.',
    'An instance that falls back to stopped is an error with what AWS says of it; a volume encrypted with a key that may not be used is the usual cause. Where a zone has no room the others are started, and it is tried again some times.',
  ].join('\n\n'),
  examples: [
    {
      command: 'devops start-instances --off weekend --tz Europe/Berlin -y -q',
      what: 'from cron: what stop-instances has stopped with the same words',
    },
    { command: 'devops start-instances i-0123456789abcdef0', what: 'one instance' },
    { command: 'devops start-instances --run 20261120T190000Z-x7k2', what: 'all that one run has stopped' },
    { command: 'devops start-instances --asg web', what: 'a group that was stopped' },
  ],
  define: (spec: Spec) =>
    addTargetOptions(addGuardOptions(addDueOption(addScheduleOptions(addSelectorOptions(spec)))))
      .argument('[ids...]', 'ids of instances')
      .option('--run <run>', 'what this run of stop-instances has stopped', parseRun),
  complete: powerWords,
  shape: 'many',
  changes: true,

  async *run(ctx, options, ids: string[]): AsyncGenerator<PowerResult, Outcome> {
    const { isNarrowed, parseSelection, selectionText } = await import('../lib/aws/power/parse-selection.ts');
    const selection = parseSelection({ ...options, ids });
    const wanted = await wantedNow(ctx, options, 'on');
    const { run: wantedRun } = options;
    if (wanted.kind !== 'none' && wantedRun !== undefined) {
      throw new UserError('--run brings back what one run has stopped, and goes with no schedule', {
        code: 'usage',
        hints: ['leave one of them out'],
      });
    }
    if (wanted.kind === 'none' && wantedRun === undefined && ids.length + selection.groups.length === 0) {
      const narrowed = selectionText(selection);
      const what =
        narrowed === '' ? 'there is nothing that says which' : `${narrowed} alone does not say which of the stopped`;
      throw new UserError(`${what} instances to start`, {
        code: 'usage',
        hints: ['give ids, --run, --asg, or the schedule that has stopped them (--off, --on or --schedule-tag)'],
      });
    }
    if (wanted.kind === 'words' && wanted.state.desired !== 'on') return nothingToDo('start', 'it is no on time');
    const [{ planStartIn, restoreRequest }, { startRows }] = await Promise.all([
      import('../lib/aws/power/start-plan.ts'),
      import('../lib/aws/power/start-rows.ts'),
    ]);
    const { signal } = ctx;
    const settings = {
      selection,
      wanted,
      run: wantedRun,
      withGroups: options.groupMembers !== 'skip',
      signal,
      now: () => ctx.now(),
    };
    const which = wantedRun === undefined ? '' : `--run ${wantedRun}`;
    const besides = selectionText(selection);
    return yield* powerRecords(ctx, options, wanted, {
      verb: 'start',
      // Otherwise named ids are looked up by themselves.
      isNarrowed:
        wanted.kind === 'none' && wantedRun === undefined && selection.groups.length === 0 && isNarrowed(selection),
      ...(wantedRun === undefined
        ? {}
        : { nothingFits: `run ${wantedRun}${besides === '' ? '' : ` with ${besides}`}: nothing is stopped by it` }),
      selectors: [besides, which].filter((text) => text !== '').join(' '),
      plan: (target) => planStartIn(target, settings),
      rows: ({ rows }, run) => startRows(rows, run),
      async *group({ group, members }, run) {
        const { restoreGroup } = await import('../lib/aws/power/groups/restore-group.ts');
        yield* restoreGroup(group, members, run, restoreRequest(settings));
      },
    });
  },

  columns,
  below: viewBelow,
  verdicts: powerVerdicts,
});

function parseRun(text: string): string {
  if (/^[A-Za-z0-9-]{1,64}$/.test(text)) return text;
  throw new UserError(`'${text}' is not the name of a run`, {
    code: 'usage',
    hints: ['it is in the records of stop-instances, such as 20261120T190000Z-x7k2'],
  });
}
