import { hostname } from 'node:os';
import type { Context } from './context.ts';
import type { Config } from './lib/config/schema.ts';
import type { JobHost } from './lib/jobs/job-host.ts';
import type { Job } from './lib/jobs/job.ts';
import { printable } from './lib/text/printable.ts';

/** What a job may touch. Throws UserError when somebody is to be told of whom nobody knows. */
export async function openJobHost(ctx: Context, job: Job, config: Config): Promise<JobHost> {
  const urgent = ctx.urgent();
  const say = (message: string): void => {
    ctx.stderr.write(`devops: warning: ${printable(message)}\n`)?.catch(() => undefined);
  };
  const host: JobHost = {
    env: ctx.env,
    cwd: currentFolder(ctx),
    uid: ctx.userId,
    pid: ctx.processId,
    hostname: hostname(),
    get homeDirectory() {
      return ctx.homeDirectory();
    },
    self: ctx.self,
    notifiers: {},
    now: () => ctx.now().getTime(),
    monotonic: () => ctx.monotonic(),
    pause: (seconds, signal) => ctx.pause(seconds, signal),
    random: Math.random,
    signal: ctx.signal,
    urgent,
    warn: say,
    debug: (message) => ctx.log.debug(message),
  };
  if (config.notify === undefined && job.notify.length === 0) return host;
  const { resolveNotifiers } = await import('./lib/jobs/resolve-notifiers.ts');
  const { requireNotifiers } = await import('./lib/notify/require-notifiers.ts');
  const notifiers = resolveNotifiers(config);
  requireNotifiers(job.notify, notifiers);
  return { ...host, notifiers };
}

function currentFolder(ctx: Context): string | undefined {
  try {
    return ctx.cwd();
  } catch {
    return undefined;
  }
}
