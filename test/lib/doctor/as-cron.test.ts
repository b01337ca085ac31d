import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checksAsCron, cronEnvironment, type CronOptions } from '../../../src/lib/doctor/as-cron.ts';
import type { DoctorCheck } from '../../../src/lib/doctor/check.ts';
import { copyDevops, pretendOldNode } from '../../support/copy-devops.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-cron-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function asCron(program: string, options: Partial<CronOptions> = {}): Promise<DoctorCheck[]> {
  const who = { userName: 'backup', homeDirectory: folder };
  const signal = new AbortController().signal;
  const found: DoctorCheck[] = [];
  for await (const check of checksAsCron({
    program,
    node: '/opt/node',
    configPath: undefined,
    signal,
    ...who,
    ...options,
  })) {
    found.push(check);
  }
  return found;
}

/** A program in the place of ours. */
function script(lines: string): string {
  const path = join(folder, 'devops');
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
}

const failure = (reason: unknown, path: string) => ({
  environment: 'cron',
  subject: 'devops',
  state: 'failed',
  required: true,
  path,
  detail: reason,
});
const hint = (program: string) => `write both paths into the crontab: /opt/node ${program}`;

test('the program gets the environment, the folder and the words of a line in a crontab, and nothing else', async () => {
  const words = `[{"environment":"here","subject":"'"$(pwd) $*"'","detail":"'"$(env | sort | tr '\\n' ' ')"'"}]`;
  const program = script(`echo '${words}'`);
  const [check] = await asCron(program, { configPath: '/etc/devops/devops.yaml' });
  expect(check!.environment).toBe('cron');
  expect(check!.subject).toBe(`${folder} doctor --json --config /etc/devops/devops.yaml`);
  const variables = check!.detail.trimEnd().split(' ');
  const ours = variables.filter((variable) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(variable));
  expect(ours).toEqual([`HOME=${folder}`, 'LOGNAME=backup', 'PATH=/usr/bin:/bin', 'SHELL=/bin/sh']);
  expect(cronEnvironment({ userName: 'backup', homeDirectory: '/root' })).toEqual({
    HOME: '/root',
    LOGNAME: 'backup',
    SHELL: '/bin/sh',
    PATH: '/usr/bin:/bin',
  });
});

test('with a Node that does, each check comes once more, as that of cron', async () => {
  const program = copyDevops(folder, { node: 'exec "$NODE" "$@"', complete: true });
  const checks = await asCron(program);
  expect(checks.map(({ subject }) => subject)).toContain('state folder');
  expect(checks.every(({ environment }) => environment === 'cron')).toBe(true);
  expect(checks[0]).toMatchObject({ subject: 'Node.js', state: 'ok' });
});

test('without a Node on the PATH of cron it says what to write into the crontab', async () => {
  const program = copyDevops(folder, { complete: true });
  const reason = expect.stringMatching(
    /^does not run with cron's PATH of \/usr\/bin:\/bin: .*node.*No such file or directory$/,
  );
  expect(await asCron(program)).toEqual([{ ...failure(reason, program), hint: hint(program) }]);
});

test('with a Node that is too old there it says so', async () => {
  const program = copyDevops(folder, {
    node: `exec "$NODE" --require ${pretendOldNode(folder)} "$@"`,
    complete: false,
  });
  const reason = "does not run with cron's PATH of /usr/bin:/bin: Node 20.20.2 is too old: devops needs 22.18 or newer";
  expect(await asCron(program)).toEqual([{ ...failure(reason, program), hint: hint(program) }]);
});

test.each([
  ['true', 'it ended with exit code 0'],
  ['echo nonsense', 'it ended with exit code 0'],
  ['echo "[]"', 'it ended with exit code 0'],
  ['echo "{}"; echo first >&2; echo second >&2; exit 1', 'first'],
  ['kill -9 $$', 'it was ended by SIGKILL'],
])('an answer that is none is never taken for a good one: %s', async (lines, reason) => {
  const program = script(lines);
  const [check, ...more] = await asCron(program);
  expect(check).toMatchObject(failure(`does not run with cron's PATH of /usr/bin:/bin: ${reason}`, program));
  expect(more).toEqual([]);
});

test('what it found before it failed is told, and the failure beside it', async () => {
  const error = JSON.stringify({ error: { code: 'internal', message: 'TypeError: no such thing\n    at there' } });
  const program = script(
    `echo '[{"environment":"here","subject":"Node.js","state":"ok"}]'; printf 'a warning\\n%s\\n' '${error}' >&2; exit 2`,
  );
  expect(await asCron(program)).toMatchObject([
    { environment: 'cron', subject: 'Node.js', state: 'ok' },
    { subject: 'devops', state: 'failed', detail: expect.stringMatching(/: TypeError: no such thing$/) },
  ]);
});

test('a program that is not there, or a home that cannot be entered, is told as what it is', async () => {
  const gone = join(folder, 'gone');
  expect(await asCron(gone)).toEqual([
    { ...failure(expect.stringMatching(/: cannot start '.*gone': no such program$/), gone), hint: hint(gone) },
  ]);
  const program = script('echo "[]"');
  expect(await asCron(program, { homeDirectory: '/nonexistent' })).toEqual([
    failure(expect.stringMatching(/: cannot start '.*devops': cannot enter the folder '\/nonexistent'$/), program),
  ]);
});

test('an abort ends it', async () => {
  const started = performance.now();
  const [check] = await asCron(script('exec sleep 60'), { signal: AbortSignal.timeout(100) });
  expect(check!.detail).toMatch(/: it was not waited for$/);
  expect(check).not.toHaveProperty('hint');
  expect(performance.now() - started).toBeLessThan(6000);
});
