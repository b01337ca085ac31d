import { hostname } from 'node:os';
import type { Context } from './context.ts';
import { resolveNotifiers } from './lib/jobs/resolve-notifiers.ts';
import type { Sender } from './lib/notify/flush-waiting.ts';
import type { Account } from './lib/state/directories.ts';

/** Who sends, with the notifiers of devops.yaml. */
export async function openSender(ctx: Context): Promise<Sender & Account> {
  const { config } = await ctx.config();
  return {
    env: ctx.env,
    uid: ctx.userId,
    pid: ctx.processId,
    hostname: hostname(),
    homeDirectory: ctx.homeDirectory(),
    notifiers: resolveNotifiers(config),
    now: () => ctx.now().getTime(),
  };
}
