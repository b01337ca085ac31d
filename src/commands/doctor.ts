import { hostname, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { defineCommand, type Spec } from '../command.ts';
import type { Context } from '../context.ts';
import type { DoctorCheck } from '../lib/doctor/check.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { viewDoctorCheck } from '../views/doctor.ts';

export default defineCommand({
  description:
    'Check what devops needs here: its Node.js, devops.yaml, the programs that it starts, the folders for state, locks and cache, and whether alerts wait for too long. Exits 1 only when something is missing that devops.yaml needs; what is missing beyond that is told with what it costs.',
  examples: [
    { command: 'devops doctor', what: 'how it stands here' },
    { command: 'devops doctor --as-cron', what: 'and how cron would find it' },
  ],
  define: (spec: Spec) => spec.option('--as-cron', "repeat it in cron's bare environment"),
  shape: 'many',
  async *run(ctx, { asCron }): AsyncGenerator<DoctorCheck> {
    const { runChecks } = await import('../lib/doctor/run-checks.ts');
    const { env, userId: uid, signal } = ctx;
    const homeDirectory = ctx.homeDirectory();
    const [node, program] = ctx.self as readonly [string, string];
    const checks = runChecks({
      account: { env, uid, homeDirectory },
      host: hostname(),
      now: ctx.now().getTime() / 1000,
      node,
      loadConfig: () => ctx.config(),
      signal,
    });
    for await (const finding of checks) yield { environment: 'here', ...finding };
    if (asCron !== true) return;
    if (homeDirectory === undefined) {
      throw new UserError(`passwd has no user ${uid}, and cron runs nothing for such a user`, { code: 'unsupported' });
    }
    const { checksAsCron } = await import('../lib/doctor/as-cron.ts');
    const configPath = absolute(ctx.configPath, ctx);
    yield* checksAsCron({ program, node, userName: userInfo().username, homeDirectory, configPath, signal });
  },
  text: viewDoctorCheck,
  columns: [
    { name: 'in', value: ({ environment }) => environment },
    { name: 'state', value: ({ state }) => state },
    { name: 'what', value: ({ subject }) => subject },
    { name: 'detail', value: ({ detail }) => detail },
    { name: 'version', value: ({ version }) => version },
    { name: 'path', value: ({ path }) => path },
    { name: 'hint', value: ({ hint }) => hint },
  ],
  verdicts: ({ environment, subject, state, required, detail, hint }) => [
    {
      status: state !== 'ok' && required ? 'critical' : 'ok',
      subject: environment === 'cron' ? `${subject} under cron` : subject,
      code: state,
      message: detail,
      ...(hint === undefined ? {} : { hint }),
    },
  ],
});

/** cron starts in the home directory: a relative path would mean another file there. */
function absolute(path: string | undefined, ctx: Context): string | undefined {
  return path === undefined || isAbsolute(path) ? path : join(ctx.cwd(), path);
}
