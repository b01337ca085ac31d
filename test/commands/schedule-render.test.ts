import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../src/main.ts';
import { requireProgram } from '../support/services.ts';
import { testRuntime, type TestRuntimeOptions } from '../support/test-runtime.ts';

const analyze = requireProgram('systemd-analyze', 'no units are installed');
let folder: string;
let config: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-schedule-render-'));
  config = join(folder, 'devops.yaml');
  setJobs(`backup-db: { run: [devops, sysinfo], schedule: '30 2 * * *' }\n  by-hand: { run: [devops, sysinfo] }`);
  mkdirSync(join(folder, 'bin'));
  // The wire: what crontab(1) of Debian answers, with a file in the place of its spool.
  program('crontab', [
    `[ -e ${folder}/before-$1 ] && . ${folder}/before-$1`,
    `case $1 in`,
    `-l) [ -e ${folder}/spool ] || { echo "no crontab for $(id -un)" >&2; exit 1; }; cat ${folder}/spool ;;`,
    `-) cat > ${folder}/spool ;;`,
    `esac`,
  ]);
});
afterEach(() => rmSync(folder, { recursive: true }));

const spool = () => join(folder, 'spool');
const crontab = () => (existsSync(spool()) ? readFileSync(spool(), 'latin1') : undefined);

function setJobs(jobs: string): void {
  writeFileSync(config, `defaults: { timezone: UTC }\njobs:\n  ${jobs}\n`, { mode: 0o600 });
}

function program(name: string, lines: readonly string[]): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

async function render(words: string, options: TestRuntimeOptions = {}) {
  const { runtime, stdout, stderr } = testRuntime({
    cwd: folder,
    env: { PATH: `${folder}/bin:/usr/bin:/bin`, STATE_DIRECTORY: `${folder}/state` },
    now: () => new Date('2027-01-01T00:00:00Z'),
    ...options,
  });
  const code = await main(['schedule', 'render', '--config', config, ...words.split(' ')], runtime);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe('without --install', () => {
  test('the block is printed and nothing is read or written', async () => {
    const { code, stdout, stderr } = await render('--to crontab');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^# BEGIN devops \(config \/.*\n# made by .*\n30 2 \* \* \* PATH=\S+ \/\S+ \/\S*\/bin\/devops --config \S+ run backup-db\n# END devops\n$/,
    );
    expect(crontab()).toBeUndefined();
  });

  test('units are printed one below the other, and as records', async () => {
    const { stdout } = await render('--to systemd');
    expect(stdout.match(/^# FILE .*$/gm)).toEqual(['# FILE devops-backup-db.service', '# FILE devops-backup-db.timer']);
    const records = JSON.parse((await render('--to systemd -o json')).stdout) as unknown[];
    expect(records).toEqual([
      {
        target: 'systemd',
        name: 'devops-backup-db.service',
        content: expect.any(String),
        state: 'rendered',
        findings: [],
      },
      {
        target: 'systemd',
        name: 'devops-backup-db.timer',
        content: expect.any(String),
        state: 'rendered',
        findings: [],
      },
    ]);
  });

  test('what one may not expect is a comment and a warning', async () => {
    setJobs(`backup-db: { run: [devops, sysinfo], schedule: '30 2 * * *', timezone: Europe/Berlin }`);
    const { code, stdout, stderr } = await render('--to kubernetes --image a/b:1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# warning: backup-db: the clocks of Europe\/Berlin skip 02:30: /m);
    expect(stderr).toMatch(/^devops: warning: backup-db: the clocks of Europe\/Berlin skip 02:30 on 2027-03-28/);
  });

  test('a crontab that cannot make up for missed runs says so', async () => {
    setJobs(`backup-db: { run: [devops, sysinfo], schedule: '30 2 * * *', catch_up: latest }`);
    const { code, stdout, stderr } = await render('--to crontab');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# warning: backup-db: catch_up: latest has no meaning in a crontab: /m);
    expect(stderr).toMatch(/catch_up: latest has no meaning/);
    expect((await render('--to systemd')).stdout).toMatch(/^Persistent=true$/m);
    expect((await render('--to systemd')).stderr).toBe('');
  });

  test.each([
    ['--to cron', /no target 'cron'/],
    ['--install', /--to is missing/],
    ['--to crontab --install --diff', /do not go together/],
    ['--to crontab --image a', /--image is not for crontab/],
    ['--to kubernetes', /needs --image/],
    ['--to systemd --remove backup-db', /--remove takes out all/],
    ['--to crontab backup-bd', /did you mean 'backup-db'/],
    ['--to crontab by-hand', /by-hand has no schedule/],
    ['--to systemd --dir x', /--dir is for --install/],
  ])('%s is a mistake', async (words, message) => {
    const { code, stdout, stderr } = await render(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('the crontab', () => {
  test('gets the block behind what is there, byte for byte, and the old one is kept', async () => {
    const mine = 'MAILTO=me\n# \xe4\xff\n* * * * * mine';
    writeFileSync(spool(), mine, 'latin1');
    expect((await render('--to crontab --diff')).code).toBe(1);
    const { code, stdout, stderr } = await render('--to crontab --install -y');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\+30 2 \* \* \* PATH=/m);
    expect(crontab()).toMatch(/^MAILTO=me\n# \xe4\xff\n\* \* \* \* \* mine\n# BEGIN devops [^]*# END devops\n$/);
    const backups = join(folder, 'state/crontab-backup');
    const [name] = readdirSync(backups);
    expect(stderr).toContain(join(backups, name!));
    expect(readFileSync(join(backups, name!), 'latin1')).toBe(mine);
    expect(statSync(join(backups, name!)).mode & 0o777).toBe(0o600);
    expect(await render('--to crontab --diff')).toMatchObject({ code: 0, stdout: 'same: crontab\n' });

    expect((await render('--to crontab --remove -y')).code).toBe(0);
    expect(crontab()).toBe(`${mine}\n`);
  });

  test('is not written when it is as it should be', async () => {
    await render('--to crontab --install -y');
    writeFileSync(join(folder, 'before--'), 'exit 9');
    expect(await render('--to crontab --install')).toMatchObject({
      code: 0,
      stdout: 'unchanged: crontab\n',
      stderr: '',
    });
  });

  test('lines that somebody changed in the block are in the difference', async () => {
    await render('--to crontab --install -y');
    writeFileSync(spool(), crontab()!.replace('30 2', '45 2'));
    const { code, stdout } = await render('--to crontab --diff');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^-45 2 .*\n\+30 2 /m);
  });

  test('is not touched without a yes, nor by a dry run', async () => {
    const { code, stderr } = await render('--to crontab --install');
    expect(code).toBe(2);
    expect(stderr).toMatch(/\+30 2[^]*would install: crontab[^]*nothing was changed: it was not confirmed/);
    expect(await render('--to crontab --install -n')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('would install: crontab'),
    });
    expect((await render('--to crontab --install', { terminalColumns: 80, stdin: 'n\n' })).code).toBe(2);
    expect(crontab()).toBeUndefined();
    expect((await render('--to crontab --install', { terminalColumns: 80, stdin: 'y\n' })).code).toBe(0);
    expect(crontab()).toContain('BEGIN devops');
  });

  test('is not written when somebody else changed it meanwhile', async () => {
    writeFileSync(spool(), 'a\n');
    // The second look is the one before writing.
    writeFileSync(
      join(folder, 'before--l'),
      `if [ -e ${folder}/looked ]; then echo b > ${folder}/spool; fi; touch ${folder}/looked`,
    );
    const { code, stderr } = await render('--to crontab --install -y');
    expect(code).toBe(75);
    expect(stderr).toMatch(/changed by somebody else meanwhile/);
    expect(crontab()).toBe('b\n');
  });

  test('is read back, and its refusal is told', async () => {
    writeFileSync(spool(), 'a\n');
    writeFileSync(join(folder, 'before--'), 'cat > /dev/null; exit 0');
    expect((await render('--to crontab --install -y')).stderr).toMatch(
      /not what was written.*\n.*the crontab as it was: crontab '/,
    );
    writeFileSync(join(folder, 'before--'), 'echo bad minute >&2; exit 1');
    expect((await render('--to crontab --install -y')).stderr).toMatch(/refused the new crontab: bad minute/);
    expect(crontab()).toBe('a\n');
  });

  test('with a broken block is left alone', async () => {
    writeFileSync(spool(), '# BEGIN devops (config /x)\n');
    const { code, stderr } = await render('--to crontab --install -y');
    expect(code).toBe(2);
    expect(stderr).toMatch(/line 1 begins a block of devops that has no end/);
    expect(crontab()).toBe('# BEGIN devops (config /x)\n');
  });

  test('is not installed in part when one job cannot be had', async () => {
    setJobs(
      `a: { run: "true", schedule: '1 1 * * *' }\n  b: { run: "true", schedule: '30 2 * * *', timezone: America/New_York }`,
    );
    expect(await render('--to crontab --install -y')).toMatchObject({ code: 2, stdout: '' });
    expect(crontab()).toBeUndefined();
    const { code, stdout } = await render('--to crontab');
    expect(code).toBe(2);
    expect(stdout).toMatch(/run a\n/);
  });

  test('without a cron is told with a hint', async () => {
    const { code, stderr } = await render('--to crontab --install -y', { env: { PATH: '/nonexistent' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/crontab.*\n.*hint: install cron/);
  });
});

describe.skipIf(analyze === undefined)('a folder of units', () => {
  test('has those of the jobs, no others of ours, and all of theirs', async () => {
    // The program in the units has to be there.
    writeFileSync(join(folder, 'bin/devops'), '', { mode: 0o755 });
    const { code, stderr } = await render('--to systemd --install -y --dir units');
    expect(stderr).toContain('next: systemctl daemon-reload && systemctl enable --now devops-backup-db.timer');
    expect(code).toBe(0);
    const units = join(folder, 'units');
    writeFileSync(join(units, 'devops-theirs.timer'), 'theirs');
    setJobs(`other: { run: "true", schedule: '1 1 * * *' }`);
    expect((await render('--to systemd --diff --dir units')).code).toBe(1);
    await render('--to systemd --install -y --dir units');
    expect(readdirSync(units).toSorted()).toEqual([
      'devops-other.service',
      'devops-other.timer',
      'devops-theirs.timer',
    ]);
    expect((await render('--to systemd --diff --dir units')).code).toBe(0);
    await render('--to systemd --remove -y --dir units');
    expect(readdirSync(units)).toEqual(['devops-theirs.timer']);
  });
});

describe('kubectl', () => {
  const words = '--to kubernetes --image a/b:1 --namespace ops';

  test('compares, is asked for, and applies what was rendered', async () => {
    program('kubectl', [
      `cat > ${folder}/$1.yaml; echo "$*" >> ${folder}/calls`,
      '[ "$1" = diff ] && { echo "+kind: CronJob"; exit 1; }; exit 0',
    ]);
    expect(await render(`${words} --diff`)).toMatchObject({ code: 1, stdout: '+kind: CronJob\n' });
    expect((await render(`${words} --install`)).code).toBe(2);
    expect(existsSync(join(folder, 'apply.yaml'))).toBe(false);
    expect((await render(`${words} --install -y`)).code).toBe(0);
    expect((await render(`${words} --remove -y`)).code).toBe(0);
    expect(readFileSync(join(folder, 'apply.yaml'), 'utf8')).toMatch(/^kind: CronJob$/m);
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe(
      'diff -f -\ndiff -f -\ndiff -f -\napply -f -\ndelete --ignore-not-found -f -\n',
    );
  });

  test('that cannot tell is a failure, and one that is not there a hint', async () => {
    program('kubectl', ['echo no cluster >&2; exit 2']);
    expect(await render(`${words} --diff`)).toMatchObject({ code: 2, stderr: expect.stringContaining('no cluster') });
    const { stderr } = await render(`${words} --install -y`, { env: { PATH: '/nonexistent' } });
    expect(stderr).toMatch(/hint: .*\| kubectl apply -f -/);
  });
});
