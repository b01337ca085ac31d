import { addTargetOptions } from '../aws-options.ts';
import { defineCommand, type Outcome, type Spec } from '../command.ts';
import type { PowerResult } from '../lib/aws/power/failed-action.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { addDueOption, addGuardOptions, addScheduleOptions, addSelectorOptions, powerWords } from '../power-options.ts';
import { nothingToDo, powerRecords, wantedNow } from '../power-session.ts';
import { columns, powerVerdicts, viewBelow } from '../views/power.ts';

export default defineCommand({
  description: [
    'Stop EC2 instances, see that they have stopped, and remember in a tag of each (devops:stopped) who stopped it, so that start-instances brings back exactly those.',
    "With a schedule it acts only in off time, and is silent otherwise: run it often. It stops what was started before the schedule switched to off; what somebody has started since is left alone until the next switch. With --schedule-tag each instance has its own schedule, in the words of Cloud Custodian's offhours.",
    'Every instance that was selected is told of, with a reason where it is left alone: one that is protected by the tag devops:protect or by AWS, a member of an autoscaling group (see --group-members), the one that devops runs on. Nothing is ever terminated and no protection lifted. On a terminal you are asked first; anywhere else --yes is needed, and without it the plan is printed and nothing changed.',
  ].join('\n\n'),
  examples: [
    { command: 'devops stop-instances --tag env=dev', what: 'every instance of an environment, after asking' },
    { command: 'devops stop-instances i-0123456789abcdef0 --yes', what: 'one, without asking' },
    {
      command: 'devops stop-instances --tag env=dev --off weekend --tz Europe/Berlin -y -q',
      what: 'from cron, every 15 minutes',
    },
    { command: 'devops stop-instances --schedule-tag maid_offhours --region all -y -q', what: 'each by its own tag' },
    { command: 'devops stop-instances --asg web --group-members suspend', what: 'a group, without being replaced' },
  ],
  define: (spec: Spec) =>
    addTargetOptions(addGuardOptions(addDueOption(addScheduleOptions(addSelectorOptions(spec)))))
      .argument('[ids...]', 'ids of instances')
      .option('--hibernate', 'keep what is in memory; what was not launched for it is an error and goes on running')
      .option('--force', 'do not wait for the file systems of an instance that hangs (see the EC2 manual first)'),
  complete: powerWords,
  shape: 'many',
  changes: true,

  async *run(ctx, options, ids: string[]): AsyncGenerator<PowerResult, Outcome> {
    const { isEmptySelection, isNarrowed, parseSelection, selectionText } =
      await import('../lib/aws/power/parse-selection.ts');
    const selection = parseSelection({ ...options, ids });
    if (isEmptySelection(selection) && options.scheduleTag === undefined) {
      throw new UserError('there is nothing that says which instances to stop', {
        code: 'usage',
        hints: ['give ids, --tag, --filters or --asg; --all means every instance'],
      });
    }
    const wanted = await wantedNow(ctx, options, 'off');
    if (wanted.kind === 'words' && wanted.state.desired !== 'off') return nothingToDo('stop', 'it is no off time');
    const [{ planStopIn }, { stopRows }, { ownInstanceId }] = await Promise.all([
      import('../lib/aws/power/stop-plan.ts'),
      import('../lib/aws/power/stop-rows.ts'),
      import('../lib/aws/session/own-instance.ts'),
    ]);
    const { env, signal, log } = ctx;
    const mode = options.groupMembers ?? 'skip';
    const ownId = await ownInstanceId({ env, signal });
    const hibernate = options.hibernate === true;
    const enforce = options.enforce === true;
    const settings = { selection, wanted, enforce, hibernate, groupMembers: mode, ownId, signal, log };
    const tag = wanted.kind === 'tag' ? `--schedule-tag ${wanted.key}` : '';
    return yield* powerRecords(ctx, options, wanted, {
      verb: 'stop',
      isNarrowed: isNarrowed(selection) || wanted.kind === 'tag',
      selectors: [selectionText(selection), tag].filter((text) => text !== '').join(' '),
      plan: (target) => planStopIn(target, settings),
      rows: ({ rows }, run) => stopRows(rows, run),
      async *group({ group, members, since }, run) {
        const { stopGroup } = await import('../lib/aws/power/groups/stop-group.ts');
        if (mode === 'skip') return;
        yield* stopGroup(group, members, mode, run, { since, enforce, hibernate, ownInstanceId: ownId });
      },
    });
  },

  columns,
  below: viewBelow,
  verdicts: powerVerdicts,
});
