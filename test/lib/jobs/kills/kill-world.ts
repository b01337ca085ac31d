import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readHistory } from '../../../../src/lib/jobs/read-history.ts';
import { lockDirectory } from '../../../../src/lib/state/directories.ts';
import { readMail } from '../../../support/mail/read-mail.ts';
import { type MailServer, type ReceivedMail, startMailServer } from '../../../support/mail/start-mail-server.ts';
import { bareEnvironment, bin, node } from '../../../support/start-devops.ts';

/** What the wrapper of a job did, or what it got. */
export interface Ended {
  code: number | null;
  stderr: string;
}

/** `find` tells events as a command of ours does, `work` ends with the exit code that it is told. */
export type WorldJob = 'work' | 'find';

/** Who wrote a mail, and what it says. */
export interface ArrivedMail {
  /** Without its brackets. */
  messageId: string;
  text: string;
}

/** A machine of its own on which the real `devops run` is started and killed, with a mail server that comes and goes. */
export async function openKillWorld(job: WorldJob) {
  const folder = mkdtempSync(join(tmpdir(), 'devops-kills-'));
  const state = join(folder, 'state');
  const received: ReceivedMail[] = [];
  let server: MailServer | undefined = await startMailServer({ delayMilliseconds: 20 });
  const { port } = server;
  writeFileSync(join(folder, 'log'), '');
  writeFileSync(join(folder, 'devops.yaml'), configOf(job, folder, port));
  // By its name alone, without a path, it would be the real one.
  const finder = join(import.meta.dirname, 'invented-finder.sh');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'devops'), `#!/bin/sh\nexec sh '${finder}'\n`, { mode: 0o755 });
  const env = {
    ...bareEnvironment,
    ...(process.env['DEVOPS_SOURCE'] === undefined ? {} : { DEVOPS_SOURCE: process.env['DEVOPS_SOURCE'] }),
    STATE_DIRECTORY: state,
    XDG_CACHE_HOME: join(tmpdir(), 'devops-kills-cache'),
    HOME: folder,
    WORLD: folder,
  };
  const jobFolder = join(state, 'jobs', job);
  // For root that is /run/devops, whatever the environment says, so the name has to be our own.
  const account = { env, uid: process.getuid!(), homeDirectory: folder };
  const lockFile = join(lockDirectory(account), `job-${basename(folder)}.lock`);
  const lines = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1) : [];
  const list = (...path: string[]) => (existsSync(join(...path)) ? readdirSync(join(...path)) : []);

  return {
    folder,
    lockFile,
    env,
    /** A wrapper; `ended` resolves when it is gone, however. */
    start(words: readonly string[], more: Record<string, string> = {}) {
      const child = spawn(node, [bin, ...words], {
        cwd: folder,
        env: { ...env, ...more },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const ended = once(child, 'exit').then(([code]): Ended => ({ code: code as number | null, stderr }));
      const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
      return { kill: () => child.kill('SIGKILL'), pid: child.pid!, ended, hasEnded };
    },
    addToLog: (line: string) => appendFileSync(join(folder, 'log'), `${line}\n`),
    /** Whether the run of this wrapper is marked as one that goes on. */
    hasBegun: (pid: number) =>
      list(jobFolder, 'running').some((name) => contentOf(join(jobFolder, 'running', name)).includes(`"pid":${pid},`)),
    /** Whether the job is between its start and its stop. */
    isInside: () => existsSync(join(folder, 'inside')),
    /** Asks as anybody would. */
    isLocked(path: string) {
      return existsSync(path) && spawnSync('flock', ['-n', path, 'true']).status !== 0;
    },
    async serverIs(wanted: 'up' | 'down') {
      if (wanted === 'down' && server !== undefined) {
        received.push(...(await closed(server)));
        server = undefined;
      }
      if (wanted === 'up') server ??= await startMailServer({ port, delayMilliseconds: 20 });
    },
    journal: () => lines('journal').map((line) => line.split(' ') as [string, string, string]),
    twoAtOnce: () => lines('two-at-once'),
    history: () => readHistory(jobFolder),
    /** What must be empty when all is told. */
    leftBehind: () => [
      ...list(state, 'spool', 'new').filter((name) => name.endsWith('.json')),
      ...list(state, 'spool', 'dead'),
      ...list(jobFolder, 'running'),
      ...list(jobFolder, 'runs').filter((name) => name.endsWith('.verdicts')),
    ],
    mails: (): ArrivedMail[] =>
      [...received, ...(server?.received ?? [])].map(({ raw }) => {
        const { headers, text } = readMail(raw);
        return { messageId: (headers.get('message-id') ?? '').replaceAll(/[<>]/g, ''), text };
      }),
    async close() {
      await server?.close();
      rmSync(lockFile, { force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type KillWorld = Awaited<ReturnType<typeof openKillWorld>>;

/** Empty when it is gone by now. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function closed(server: MailServer): Promise<readonly ReceivedMail[]> {
  await server.close();
  return server.received;
}

function configOf(job: WorldJob, folder: string, port: number): string {
  const script = join(import.meta.dirname, 'exclusive-job.sh');
  const run = job === 'find' ? [join(folder, 'bin', 'devops')] : ['sh', script];
  return `
notify:
  ops:
    type: mail
    to: [ops@example.org]
    from: jobs@example.org
    smtp: { host: 127.0.0.1, port: ${port}, tls: false, starttls: never }
jobs:
  ${job}:
    run: ${JSON.stringify(run)}
    notify: ops
    lock: ${basename(folder)}
    notify_on: { still_failing: every 1s, stuck: 1000 }
    keep: { runs: 10000 }
`;
}
