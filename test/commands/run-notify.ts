import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpoolEntry } from '../../src/lib/spool/entry.ts';
import { type MailServerOptions, startMailServer } from '../support/mail/start-mail-server.ts';
import { bareEnvironment, bin, node } from '../support/start-devops.ts';
import { type RealRunOptions, runRealDevops } from '../support/run-real-devops.ts';
import { serverPark } from '../support/tls/test-server.ts';

export const ops = 'mailto:ops@example.org';

/** A machine of its own for jobs: state folder, devops.yaml, and mail servers that end with it. */
export function notifyBench() {
  const folder = mkdtempSync(join(tmpdir(), 'devops-run-notify-'));
  const park = serverPark();
  const state = join(folder, 'state');
  let port = 1;
  let moment: number | undefined;

  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    ...bareEnvironment,
    STATE_DIRECTORY: state,
    RUNTIME_DIRECTORY: join(folder, 'runtime'),
    HOME: folder,
    DEVOPS_SMTP_URL: `smtp://127.0.0.1:${port}?starttls=never`,
    DEVOPS_MAIL_FROM: 'Jobs <jobs@example.org>',
    ...more,
  });
  const bench = {
    folder,
    state,
    env,
    async mailServer(options: MailServerOptions = {}) {
      const server = await park.keep(startMailServer(options));
      port = server.port;
      return server;
    },
    /** As if so many seconds had gone by. */
    later(seconds: number) {
      moment = (moment ?? Date.now()) + seconds * 1000;
    },
    config: (text: string) => writeFileSync(join(folder, 'devops.yaml'), text),
    devops: (line: string | readonly string[], options: RealRunOptions = {}) =>
      runRealDevops(line, {
        cwd: folder,
        ...(moment === undefined ? {} : { now: () => new Date(moment!) }),
        ...options,
        runtime: { self: [node, bin], ...options.runtime },
        env: env(options.env),
      }),
    spooled: (place: 'new' | 'dead' = 'new'): SpoolEntry[] => {
      const path = join(state, 'spool', place);
      if (!existsSync(path)) return [];
      return readdirSync(path).map((name) => JSON.parse(readFileSync(join(path, name), 'utf8')) as SpoolEntry);
    },
    async close() {
      await park.close();
      chmodSync(folder, 0o700);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}

/** A job that says something and fails with this exit code. */
export const failing = (code: number, name = 'backup'): string[] => [
  '--name',
  name,
  '--',
  'sh',
  '-c',
  `echo broken pipe; exit ${code}`,
];
