import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Config } from '../../../src/lib/config/schema.ts';
import type { Finding } from '../../../src/lib/doctor/check.ts';
import { type DoctorOptions, runChecks } from '../../../src/lib/doctor/run-checks.ts';
import { UserError } from '../../../src/lib/errors/user-error.ts';

let folder: string;
const uid = process.getuid!();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function checks(options: Partial<DoctorOptions> = {}): Promise<Map<string, Finding>> {
  const env = { PATH: folder, STATE_DIRECTORY: join(folder, 'state'), CACHE_DIRECTORY: join(folder, 'cache') };
  const found = new Map<string, Finding>();
  const all = runChecks({
    account: { env, uid, homeDirectory: undefined },
    now: 1_800_000_000,
    host: 'web-1',
    node: process.execPath,
    loadConfig: () => Promise.resolve({ config: {} }),
    signal: new AbortController().signal,
    ...options,
  });
  for await (const finding of all) found.set(finding.subject, finding);
  return found;
}

function configured(rule: string): Pick<DoctorOptions, 'loadConfig'> {
  const config: Config = { sysinfo: { rules: [{ if: rule, severity: 'critical', allow_missing: false }] } };
  return { loadConfig: () => Promise.resolve({ path: '/etc/devops/devops.yaml', config }) };
}

test('everything is looked at, in the order in which it matters', async () => {
  const found = await checks();
  expect([...found.keys()]).toEqual([
    'Node.js',
    'devops.yaml',
    'systemctl',
    'stat',
    'getent',
    'journalctl',
    'flock',
    'xz',
    'bzip2',
    'sendmail',
    'crontab',
    'systemd-analyze',
    'kubectl',
    'state folder',
    'lock folder',
    'cache folder',
    'alerts',
  ]);
  expect(found.get('Node.js')).toMatchObject({ state: 'ok', version: process.version, path: process.execPath });
  expect(found.get('devops.yaml')).toMatchObject({ state: 'ok', detail: 'there is none: all is default' });
  expect([...found.values()].filter(({ required }) => required).map(({ subject }) => subject)).toEqual(['Node.js']);
});

test('a program that a rule asks for is required, and that is said in words', async () => {
  const found = await checks(configured('service.failed > 0'));
  expect(found.get('devops.yaml')).toMatchObject({ state: 'ok', path: '/etc/devops/devops.yaml' });
  expect(found.get('systemctl')).toMatchObject({
    state: 'missing',
    required: true,
    detail: 'sysinfo cannot list services, and a rule in devops.yaml needs this',
  });
  expect(found.get('stat')).toMatchObject({ state: 'missing', required: false });
});

test('so is the state folder for a rule that has to remember something', async () => {
  const account = { env: { PATH: folder, STATE_DIRECTORY: '/dev/null/state' }, uid, homeDirectory: undefined };
  const unneeded = await checks({ account });
  expect(unneeded.get('state folder')).toMatchObject({ state: 'failed', required: false });
  const needed = await checks({ account, ...configured('load5 > 8 for 15m') });
  expect(needed.get('state folder')).toMatchObject({
    state: 'failed',
    required: true,
    detail: "cannot be made: '/dev/null' is no folder that we can write, and a rule in devops.yaml needs this",
  });
});

test('locks of root are kept in one place, whatever the environment says', async () => {
  const env = { PATH: folder, STATE_DIRECTORY: '/dev/null/state' };
  const asUser = await checks({ account: { env, uid: 4711, homeDirectory: undefined } });
  expect(asUser.get('lock folder')).toMatchObject({
    path: '/dev/null/state/locks',
    hint: expect.stringContaining('set STATE_DIRECTORY'),
  });
  const asRoot = await checks({ account: { env, uid: 0, homeDirectory: undefined } });
  expect(asRoot.get('lock folder')).toMatchObject({ path: '/run/devops' });
});

test('a mistake in devops.yaml is told with all its hints, and everything else is looked at all the same', async () => {
  const mistake = new UserError("x.yaml:1:1: 'sysinf' is unknown", {
    code: 'config',
    hints: ['write sysinfo', '2 more'],
  });
  const found = await checks({ loadConfig: () => Promise.reject(mistake) });
  expect(found.get('devops.yaml')).toEqual({
    subject: 'devops.yaml',
    state: 'failed',
    required: true,
    detail: "x.yaml:1:1: 'sysinf' is unknown",
    hint: 'write sysinfo; 2 more',
  });
  expect(found.size).toBe(17);
});

test('a defect of the reader is not taken for a mistake', async () => {
  await expect(checks({ loadConfig: () => Promise.reject(new TypeError('a defect')) })).rejects.toThrow('a defect');
});

test('a Node.js that does not answer is critical', async () => {
  expect((await checks({ node: join(folder, 'node') })).get('Node.js')).toMatchObject({
    state: 'failed',
    required: true,
    detail: expect.stringContaining('no such program'),
  });
});
