import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { renderCrontab } from '../../src/lib/schedule/render/crontab.ts';
import { systemZoneName } from '../../src/lib/time/zone-rules.ts';
import { requireProgram } from '../support/services.ts';
import { scheduledJob } from '../lib/schedule/render/scheduled-job.ts';

// The real cron of Debian, in a mount namespace where its spool, its own crontabs and sendmail are ours: nothing of the
// machine is seen or touched.
const cron = requireProgram('cron', 'the rendered crontab is not run by the real cron');
const unshare = requireProgram('unshare', 'the rendered crontab is not run by the real cron');
const hasSpool = existsSync('/var/spool/cron/crontabs');
const mayMount = cron !== undefined && unshare !== undefined && hasSpool && process.getuid?.() === 0 && canUnshare();

const folder = mkdtempSync(join(tmpdir(), 'devops-real-cron-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(!mayMount)(
  'the real cron runs the rendered lines with the environment that they promise, whatever stands around them',
  async () => {
    // A path with all that sh and cron take for their own.
    const odd = join(folder, `it's 100% "odd" $(x)`);
    mkdirSync(odd);
    const config = join(odd, 'devops.yaml');
    const recorder = join(odd, 'devops');
    writeFileSync(
      recorder,
      `#!/bin/sh\nfor word in "$@"; do printf '%s\\n' "$word"; done > '${folder}/words'\nenv > '${folder}/environment'\nprintf 'to be mailed\\n'\n`,
    );
    const { files, refused } = renderCrontab([scheduledJob({ name: 'each', schedule: '* * * * *' })], {
      node: '/bin/sh',
      program: recorder,
      config,
      machineZone: systemZoneName(),
      host: 'web1',
      now: Date.now() / 1000,
      lint: () => [],
    });
    expect(refused).toEqual([]);
    const crontab = [
      'MAILTO=somebody',
      'SHELL=/bin/bash',
      'PATH=/nowhere',
      files[0]!.content.trimEnd(),
      `* * * * * /usr/bin/env > '${folder}/theirs'`,
      '',
    ].join('\n');
    writeFileSync(join(folder, 'crontab'), crontab);
    await runCron(() => ['words', 'theirs', 'mail'].every((name) => existsSync(join(folder, name))));

    expect(readFileSync(join(folder, 'words'), 'utf8')).toBe(`--config\n${config}\nrun\neach\n`);
    const ours = variables('environment');
    expect(ours['PATH']).toBe('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
    expect(ours['HOME']).toBe('/root');
    // Nothing of ours holds for the lines below the block.
    expect(variables('theirs')).toMatchObject({ PATH: '/nowhere', SHELL: '/bin/bash' });
    expect(readFileSync(join(folder, 'mail'), 'utf8')).toMatch(/^To: somebody$[^]*to be mailed/m);
    // As the real crontab(1) gives it back.
    expect(readFileSync(join(folder, 'listed'), 'utf8')).toBe(crontab);
  },
  90_000,
);

function variables(name: string): Record<string, string> {
  const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s, 2)));
}

/** cron looks at the beginning of each minute. */
async function runCron(isDone: () => boolean): Promise<void> {
  mkdirSync(join(folder, 'spool/crontabs'), { recursive: true });
  mkdirSync(join(folder, 'none'));
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(
    join(folder, 'sendmail'),
    `#!/bin/sh\ncat > '${folder}/mail.new'; mv '${folder}/mail.new' '${folder}/mail'\n`,
  );
  chmodSync(join(folder, 'sendmail'), 0o755);
  const script = [
    'set -e',
    'cd "$0"',
    'chgrp crontab spool/crontabs; chmod 1730 spool/crontabs',
    'mount --bind spool /var/spool/cron',
    'mount --bind none /etc/cron.d',
    '[ ! -e /etc/crontab ] || mount --bind empty /etc/crontab',
    '[ ! -e /usr/sbin/sendmail ] || mount --bind sendmail /usr/sbin/sendmail',
    'mount -t tmpfs none /run',
    'crontab crontab',
    'crontab -l > listed',
    'exec "$1" -f',
  ].join('\n');
  const child = spawn(unshare!, ['--mount', '--propagation', 'private', 'sh', '-c', script, folder, cron!], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
  });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const ended = once(child, 'exit');
  try {
    const deadline = Date.now() + 75_000;
    while (!isDone()) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`cron ran nothing: ${told}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    child.kill();
    await ended;
  }
}

function canUnshare(): boolean {
  try {
    execFileSync(unshare!, ['--mount', '--propagation', 'private', 'mount', '-t', 'tmpfs', 'none', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
