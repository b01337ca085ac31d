import { printable } from '../../text/printable.ts';
import type { Environment } from '../../shell/find-program.ts';
import type { RenderedFile } from './rendered.ts';
import type { ScheduleChange } from './schedule-change.ts';
import { unifiedDiff } from './unified-diff.ts';

export interface ChangeSettings {
  env: Environment;
  signal: AbortSignal;
  /** devops.yaml, absolute. */
  config: string;
}

/** `files` has the one block, or none to take it out. */
export async function planCrontabChange(
  files: readonly RenderedFile[],
  settings: ChangeSettings & { stateDirectory(): string; uid: number; now(): Date },
): Promise<ScheduleChange> {
  const { crontabText, planCrontab, writeCrontab } = await import('./install-crontab.ts');
  const block = files[0]?.content ?? '';
  const change = await planCrontab(settings, settings.config, block);
  const diff = unifiedDiff(crontabText(change.before), crontabText(change.after), {
    before: 'crontab',
    after: 'crontab (new)',
  });
  return {
    files: [{ name: 'crontab', diff, ...(block === '' ? {} : { content: block }) }],
    async apply() {
      const kept = await writeCrontab(settings, change, {
        folder: settings.stateDirectory(),
        uid: settings.uid,
        now: settings.now(),
      });
      return kept === undefined ? [] : [`the crontab as it was: ${printable(kept)}`];
    },
  };
}

export interface UnitSettings extends ChangeSettings {
  folder: string;
  userUnits: boolean;
  /** Whether systemd reads that folder and runs here, so that it is told. */
  isLive: boolean;
}

export async function planUnitChange(files: readonly RenderedFile[], settings: UnitSettings): Promise<ScheduleChange> {
  const { planFiles, writeFiles } = await import('./own-files.ts');
  const { verifyUnits } = await import('./verify-units.ts');
  const { runSystemctl, systemctlLine, systemctlSteps } = await import('./systemctl.ts');
  const changes = planFiles(settings.folder, settings.config, files, /^devops-.*\.(?:service|timer)$/);
  return {
    files: changes.map(plannedFile),
    async apply() {
      await verifyUnits(files, settings);
      const steps = systemctlSteps(changes);
      if (settings.isLive) await runSystemctl(steps.before, settings);
      writeFiles(settings.folder, changes);
      if (settings.isLive) {
        await runSystemctl(steps.after, settings);
        return [];
      }
      return [`next: ${systemctlLine([...steps.before, ...steps.after], settings.userUnits)}`];
    },
  };
}

export async function planManifestChange(
  files: readonly RenderedFile[],
  settings: ChangeSettings & { folder: string },
): Promise<ScheduleChange> {
  const { planFiles, writeFiles } = await import('./own-files.ts');
  const changes = planFiles(settings.folder, settings.config, files, /^devops-.*\.yaml$/);
  return {
    files: changes.map(plannedFile),
    apply() {
      writeFiles(settings.folder, changes);
      return Promise.resolve([`next: kubectl apply -f '${printable(settings.folder)}'`]);
    },
  };
}

/** kubectl compares and applies all of them at once. */
export async function planClusterChange(
  files: readonly RenderedFile[],
  verb: 'install' | 'remove',
  settings: ChangeSettings,
): Promise<ScheduleChange> {
  const { kubectlApply, kubectlDelete, kubectlDiff } = await import('./kubectl.ts');
  const manifests = files.map(({ content }) => content).join('');
  if (files.length === 0) return { files: [], apply: () => Promise.resolve([]) };
  if (verb === 'remove') {
    const names = files.map(({ name }) => `-${name}\n`).join('');
    return {
      files: [{ name: 'cluster', diff: names }],
      async apply() {
        await kubectlDelete(manifests, settings);
        return [];
      },
    };
  }
  return {
    files: [{ name: 'cluster', content: manifests, diff: await kubectlDiff(manifests, settings) }],
    async apply() {
      await kubectlApply(manifests, settings);
      return [];
    },
  };
}

function plannedFile({ name, path, before, after }: import('./own-files.ts').FileChange) {
  const names = { before: before === undefined ? '/dev/null' : path, after: after === undefined ? '/dev/null' : path };
  const diff = unifiedDiff(before ?? '', after ?? '', names);
  return { name, path, diff, ...(after === undefined ? {} : { content: after }) };
}
