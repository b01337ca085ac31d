import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { defineCommand, type Outcome, type Screen, type Spec } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { findJob } from '../../lib/jobs/find-job.ts';
import { resolveJobs } from '../../lib/jobs/resolve-jobs.ts';
import type { ItemError } from '../../lib/results/item-error.ts';
import { findingText } from '../../lib/schedule/render/finding-comment.ts';
import {
  planClusterChange,
  planCrontabChange,
  planManifestChange,
  planUnitChange,
} from '../../lib/schedule/render/plan-change.ts';
import { renderJobs } from '../../lib/schedule/render/render-jobs.ts';
import {
  type RenderedFile,
  type RenderTarget,
  renderTargets,
  type ScheduledJob,
} from '../../lib/schedule/render/rendered.ts';
import type { PlannedFile, ScheduleChange, ScheduleFile } from '../../lib/schedule/render/schedule-change.ts';
import {
  checkRenderOptions,
  type RenderMode,
  type RenderOptions,
  targetOf,
} from '../../lib/schedule/render/render-options.ts';
import { stateDirectory } from '../../lib/state/directories.ts';
import { systemZoneName } from '../../lib/time/zone-rules.ts';
import { printable } from '../../lib/text/printable.ts';

/** A job that the target cannot have. */
interface RefusedSchedule {
  subject: string;
  error: ItemError;
}

export default defineCommand({
  description: [
    'Write the schedules of devops.yaml for cron, systemd or Kubernetes: all jobs that have one, or those that are named. Without --install, --diff and --remove the text is printed and nothing is changed.',
    'In a crontab only the block between `# BEGIN devops (config ...)` and `# END devops` is ever touched; of files only those whose first line names this devops.yaml. --install shows the difference and asks, keeps the old crontab below the folder for state, and removes what is no longer wanted. What a schedule does that one may not expect, when the clocks change for example, is a comment in the text and a warning on standard error.',
    'systemd units go to /etc/systemd/system for root and to ~/.config/systemd/user for others, and pass `systemd-analyze verify` before. Manifests are compared and applied by kubectl, or written to --dir.',
  ].join('\n\n'),
  examples: [
    { command: 'devops schedule render --to crontab', what: 'what would stand in the crontab' },
    { command: 'devops schedule render --to crontab --install', what: 'see the difference, say yes' },
    { command: 'devops schedule render --to crontab --diff', what: 'in CI: exit 1 when the crontab is another one' },
    {
      command: 'devops schedule render --to systemd --install -y backup-db',
      what: 'a timer for this job and no other',
    },
    {
      command: 'devops schedule render --to kubernetes --image registry.example/devops:1 | kubectl apply -f -',
      what: 'CronJobs',
    },
  ],
  define: (spec: Spec) =>
    spec
      .argument('[job...]', 'jobs of devops.yaml (default: all that have a schedule)')
      .option('--to <target>', 'crontab, systemd or kubernetes', targetOf)
      .option('--install', 'put it there, after showing the difference')
      .option('--diff', 'compare with what is there: exit 1 when it is different')
      .option('--remove', 'take all of it out again')
      .option('--dir <folder>', 'of systemd and kubernetes: the folder of the files')
      .option('--user <name>', 'of systemd: the account under which system units run (default: root)')
      .option('--image <image>', 'of kubernetes: the image that has devops and what the jobs need')
      .option('--namespace <name>', 'of kubernetes')
      .option('--state-claim <name>', 'of kubernetes: the PersistentVolumeClaim that keeps history and alerts'),
  complete: { to: () => renderTargets },
  shape: 'many',
  changes: true,
  async *run(
    ctx,
    options: RenderOptions,
    names: string[],
  ): AsyncGenerator<ScheduleFile | RefusedSchedule, Outcome | void> {
    const { target, mode } = checkRenderOptions(options, names);
    const { config, path } = await ctx.config();
    if (path === undefined) {
      throw new UserError('there is no devops.yaml, and so no job', {
        code: 'config',
        hints: ['name one with --config'],
      });
    }
    const configPath = resolve(ctx.cwd(), path);
    const all =
      names.length === 0 ? resolveJobs(config) : await Promise.all(names.map((name) => findJob(name, config)));
    const jobs = all.filter((job): job is ScheduledJob => job.schedule !== undefined);
    const unscheduled = all.find((job) => job.schedule === undefined);
    if (names.length > 0 && unscheduled !== undefined) {
      throw new UserError(`the job ${unscheduled.name} has no schedule`, {
        code: 'config',
        hints: ['give it one: schedule: "30 2 * * *"'],
      });
    }
    const [node, program = ''] = ctx.self;
    const { files, refused } = await renderJobs(jobs, {
      target,
      node,
      program: resolve(ctx.cwd(), program),
      config: configPath,
      machineZone: systemZoneName(),
      host: hostname(),
      now: ctx.now().getTime() / 1000,
      systemd: { userUnits: ctx.userId !== 0, ...(options.user === undefined ? {} : { user: options.user }) },
      kubernetes: {
        image: options.image ?? '',
        ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
        ...(options.stateClaim === undefined ? {} : { stateClaim: options.stateClaim }),
      },
    });
    if (mode !== 'remove') for (const file of files) warn(ctx, file);
    if (mode === 'render') {
      for (const file of files)
        yield { target, name: file.name, content: file.content, state: 'rendered', findings: file.findings };
      for (const { job, error } of refused) yield { subject: job, error };
      if (files.length + refused.length === 0) nothingScheduled(ctx);
      return;
    }
    const [first] = mode === 'remove' ? [] : refused;
    if (first !== undefined) {
      throw new UserError(`${first.job}: ${first.error.message}`, {
        hints: first.error.hint === undefined ? [] : [first.error.hint],
      });
    }
    const wanted = target === 'crontab' && jobs.length === 0 ? [] : files;
    const change = await planChange(ctx, { target, mode, options, config: configPath, files: wanted });
    yield* carryOut(ctx, mode, change, (planned, state) => ({
      target,
      ...planned,
      state,
      findings: files.find(({ name }) => name === planned.name)?.findings ?? [],
    }));
  },
  text(result, screen: Screen) {
    if (!('state' in result)) return '';
    const { state, name, path, diff = '', content = '' } = result;
    if (state === 'rendered') return `${name === 'crontab' ? '' : `# FILE ${name}\n`}${content.trimEnd()}`;
    if (state === 'same' || state === 'unchanged') return `${state}: ${printable(path ?? name)}`;
    if (state === 'different') return shown(diff, screen);
    const line = `${state}: ${printable(path ?? name)}`;
    // On a terminal it stood above the question.
    if (screen.terminal && (state === 'installed' || state === 'removed')) return line;
    return `${shown(diff, screen)}\n${line}`;
  },
  verdicts: (result) => {
    if (!('state' in result)) return [];
    const subject = result.path ?? result.name;
    return result.state === 'different'
      ? [{ status: 'critical', subject, code: 'different', message: 'what is installed is not what devops.yaml says' }]
      : [{ status: 'ok', subject, code: result.state.replaceAll(' ', '-'), message: result.state }];
  },
});

function warn(ctx: Context, file: RenderedFile): void {
  for (const finding of file.findings) void ctx.stderr.write(`devops: warning: ${findingText(finding)}\n`);
}

function nothingScheduled(ctx: Context): void {
  if (!ctx.quiet) void ctx.stderr.write('devops: no job of devops.yaml has a schedule\n');
}

interface Wanted {
  target: RenderTarget;
  mode: Exclude<RenderMode, 'render'>;
  options: RenderOptions;
  config: string;
  files: readonly RenderedFile[];
}

async function planChange(ctx: Context, { target, mode, options, config, files }: Wanted): Promise<ScheduleChange> {
  const { env, signal } = ctx;
  const settings = { env, signal, config };
  const wanted = mode === 'remove' ? [] : files;
  const account = { env, uid: ctx.userId, homeDirectory: ctx.homeDirectory() };
  if (target === 'crontab') {
    return planCrontabChange(wanted, {
      ...settings,
      stateDirectory: () => stateDirectory(account),
      uid: ctx.userId,
      now: () => ctx.now(),
    });
  }
  const folder = options.dir === undefined ? undefined : resolve(ctx.cwd(), options.dir);
  if (target === 'kubernetes') {
    if (folder !== undefined) return planManifestChange(wanted, { ...settings, folder });
    return planClusterChange(files, mode === 'remove' ? 'remove' : 'install', settings);
  }
  const userUnits = ctx.userId !== 0;
  const { isSystemdRunning } = await import('../../lib/schedule/render/systemctl.ts');
  const isLive = folder === undefined && isSystemdRunning();
  return planUnitChange(wanted, { ...settings, folder: folder ?? unitFolder(ctx), userUnits, isLive });
}

/** systemd.unit(5), UNIT FILE LOAD PATH. */
function unitFolder({ userId, env, homeDirectory }: Context): string {
  if (userId === 0) return '/etc/systemd/system';
  const home = homeDirectory();
  const base =
    env['XDG_CONFIG_HOME']?.startsWith('/') === true ? env['XDG_CONFIG_HOME'] : home && join(home, '.config');
  if (base !== undefined && base !== '') return join(base, 'systemd/user');
  throw new UserError(`user ${userId} has no home directory, and so no folder for units`, {
    hints: ['name one with --dir'],
  });
}

async function* carryOut(
  ctx: Context,
  mode: Exclude<RenderMode, 'render'>,
  change: ScheduleChange,
  record: (planned: PlannedFile, state: ScheduleFile['state']) => ScheduleFile,
): AsyncGenerator<ScheduleFile> {
  const isChanged = ({ diff }: PlannedFile) => diff !== '';
  if (mode === 'diff') {
    for (const file of change.files) yield record(file, isChanged(file) ? 'different' : 'same');
    return;
  }
  const would = (file: PlannedFile) =>
    mode === 'remove' || file.content === undefined ? 'would remove' : 'would install';
  const changed = change.files.filter(isChanged);
  const plan = changed.map((file) => record(file, would(file)));
  for (const file of change.files) if (!isChanged(file)) yield record(file, 'unchanged');
  if (ctx.dryRun) return yield* plan;
  if (plan.length === 0) return;
  const question = mode === 'remove' ? 'Take this out?' : 'Install this?';
  if (!(await ctx.confirm(plan, question))) {
    throw new UserError('nothing was changed: it was not confirmed', { hints: ['--yes does it without asking'] });
  }
  const lines = await change.apply();
  for (const file of changed) yield record(file, would(file) === 'would remove' ? 'removed' : 'installed');
  if (!ctx.quiet) for (const line of lines) void ctx.stderr.write(`devops: ${line}\n`);
}

function shown(diff: string, screen: Screen): string {
  // What is in a crontab comes from outside: on a screen it may not move the cursor.
  const lines = diff.trimEnd().split('\n');
  return (screen.terminal ? lines.map((line) => printable(line.replaceAll('\t', '    '))) : lines).join('\n');
}
