import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DoctorCheck } from '../../src/lib/doctor/check.ts';
import { type RealRunOptions, runRealDevops } from '../support/run-real-devops.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-doctor-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** doctor in a folder of its own, in which no program is on PATH. */
function doctor(words = '', options: RealRunOptions = {}) {
  const env = { PATH: folder, STATE_DIRECTORY: join(folder, 'state'), CACHE_DIRECTORY: join(folder, 'cache') };
  return runRealDevops(`doctor ${words}`.trim(), { cwd: folder, env, ...options });
}

function configure(text: string): string {
  const path = join(folder, 'devops.yaml');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const rule = (condition: string, more = '') => `sysinfo:\n  rules:\n    - if: ${condition}\n${more}`;

test('it exits 0 although programs are missing, and says what each one costs and how to have it', async () => {
  const { code, stdout, stderr } = await doctor();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(
    [
      'missing  systemctl             sysinfo cannot list services',
      '                               it comes with systemd; where there is no systemd there are no services to list',
      'missing  stat                  sysinfo reports every network mount as an error',
      '                               install coreutils, for instance with apt install coreutils',
      '',
    ].join('\n'),
  );
  expect(stdout).toContain(`ok       state folder          is made when it is needed  ${folder}/state\n`);
  expect(await doctor('-q')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('a rule on services makes systemctl a need: exit 1, and -q prints that alone', async () => {
  configure(rule('service.failed > 0'));
  const { code, stdout } = await doctor('-q');
  expect(code).toBe(1);
  expect(stdout).toBe(
    [
      'missing  systemctl             sysinfo cannot list services, and a rule in devops.yaml needs this',
      `${' '.repeat(31)}it comes with systemd; where there is no systemd there are no services to list; or write allow_missing: true beside the rule`,
      '',
    ].join('\n'),
  );
});

test.each([
  rule('service.failed > 0', '      allow_missing: true\n'),
  rule('service.failed > 0', '      hosts: [no-such-host]\n'),
  rule('disk.used_pct > 90'),
])('a rule that can do without leaves it at 0: %j', async (text) => {
  configure(text);
  expect((await doctor('-q')).code).toBe(0);
});

test('a state folder that cannot be had is a need of a rule with a memory, and of no other', async () => {
  const env = { PATH: folder, STATE_DIRECTORY: '/dev/null/state', CACHE_DIRECTORY: join(folder, 'cache') };
  configure(rule('load5 > 8'));
  expect((await doctor('', { env })).code).toBe(0);
  configure(rule('load5 > 8 for 15m'));
  const { code, stdout } = await doctor('-q', { env });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^failed {3}state folder {10}cannot be made: .*, and a rule in devops\.yaml needs this/);
});

test('a broken devops.yaml is told with its place, 1', async () => {
  const path = configure('sysinf:\n  rules: []\nsample: 2\n');
  const { code, stdout, stderr } = await doctor('-q');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const [line, hint] = stdout.split('\n');
  expect(line).toBe(
    `failed   devops.yaml           ${path}:1:1: sysinf: found an unknown key, expected one of sysinfo, ssl-expiry, logs-grep, defaults, notify, jobs`,
  );
  expect(hint!.trim()).toBe(`did you mean 'sysinfo'?; 1 more mistake: devops config check --config '${path}'`);
});

test('for programs it is one object a check, with everything that the text says', async () => {
  const checks = JSON.parse((await doctor('--json')).stdout) as DoctorCheck[];
  expect(checks).toContainEqual({
    environment: 'here',
    subject: 'systemctl',
    state: 'missing',
    required: false,
    detail: 'sysinfo cannot list services',
    hint: 'it comes with systemd; where there is no systemd there are no services to list',
  });
});

test('for a monitoring plugin what is needed is critical, and nothing else counts', async () => {
  expect(await doctor('-o nagios')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^DOCTOR OK - /) });
  configure(rule('service.failed > 0'));
  expect(await doctor('-o nagios')).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/^DOCTOR CRITICAL - systemctl: sysinfo cannot list services, and a rule /),
  });
});

test('a user whom passwd does not know has no cron: one line, 2', async () => {
  const runtime = { homeDirectory: () => undefined, userId: 4711 };
  const { code, stderr } = await doctor('--as-cron', { runtime });
  expect(code).toBe(2);
  expect(stderr).toBe('devops: error: passwd has no user 4711, and cron runs nothing for such a user\n');
});
