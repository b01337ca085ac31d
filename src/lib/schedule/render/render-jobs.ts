import { lintJobs } from './lint-jobs.ts';
import type { Invoked, Rendered, RenderTarget, ScheduledJob } from './rendered.ts';

export interface RenderSettings extends Invoked {
  target: RenderTarget;
  machineZone: string;
  host: string;
  /** Unix seconds. */
  now: number;
  systemd: { userUnits: boolean; user?: string };
  kubernetes: { image: string; namespace?: string; stateClaim?: string };
}

/** The files of a target for these jobs; jobs that it cannot have are told apart. */
export async function renderJobs(jobs: readonly ScheduledJob[], settings: RenderSettings): Promise<Rendered> {
  const { target } = settings;
  // In a cluster the host is another one at every run.
  const host = target === 'kubernetes' ? (settings.kubernetes.namespace ?? '') : settings.host;
  const { findings, refused } = await lintJobs(jobs, target, { ...settings, host });
  const common = { ...settings, host, lint: (job: ScheduledJob) => findings.get(job.name) ?? [] };
  const readable = jobs.filter((job) => findings.has(job.name));
  const rendered = await renderFor(readable, common);
  return { files: rendered.files, refused: [...refused, ...rendered.refused] };
}

type Common = RenderSettings & { lint(job: ScheduledJob): readonly import('./rendered.ts').ScheduleFinding[] };

async function renderFor(jobs: readonly ScheduledJob[], settings: Common): Promise<Rendered> {
  switch (settings.target) {
    case 'crontab': {
      const { renderCrontab } = await import('./crontab.ts');
      return renderCrontab(jobs, settings);
    }
    case 'systemd': {
      const { renderSystemd } = await import('./systemd.ts');
      return renderSystemd(jobs, { ...settings, ...settings.systemd });
    }
    case 'kubernetes': {
      const { renderKubernetes } = await import('./kubernetes.ts');
      return renderKubernetes(jobs, { ...settings, ...settings.kubernetes });
    }
  }
}
