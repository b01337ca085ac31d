import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Probe } from '../../../src/lib/system/probe.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { parseUnits, servicesSection } from '../../../src/lib/system/services.ts';
import { fakeMachine } from './fake-machine.ts';

const signal = new AbortController().signal;
const booted = { '/run/systemd/system/README': '' };

/** A machine that systemd runs, with a `systemctl` that does as the script says. */
function withSystemctl(script: string): { probe: Probe; env: Record<string, string> } {
  const probe = fakeMachine(booted);
  const program = join(probe.root, 'bin/systemctl');
  mkdirSync(join(probe.root, 'bin'));
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return { probe, env: { PATH: `${join(probe.root, 'bin')}:/usr/bin:/bin` } };
}

function unit(name: string, active: string, sub: string, load = 'loaded') {
  return { unit: `${name}.service`, load, active, sub, description: `The ${name}` };
}

const units = [
  unit('ssh', 'active', 'running'),
  unit('nginx', 'reloading', 'reload'),
  unit('backup', 'failed', 'failed'),
  unit('app', 'activating', 'auto-restart'),
  unit('old', 'inactive', 'dead'),
  unit('absent', 'inactive', 'dead', 'not-found'),
];

test('failed services and those that are being started are told, from one call', async () => {
  const { probe, env } = withSystemctl(`mkdir "$0.called" || exit 1; cat <<'END'\n${JSON.stringify(units)}\nEND`);
  expect(await servicesSection(probe, { env, signal, timeoutSeconds: 20 })).toEqual({
    manager: 'systemd',
    total: 5,
    active: 2,
    active_units: ['ssh.service', 'nginx.service'],
    failed: [units[2]],
    activating: [units[3]],
  });
  expect(probe.errors).toEqual([]);
});

test('the table of a systemd that knows no JSON is read as well', () => {
  const table = [
    'ssh.service                 loaded    active     running      OpenBSD Secure Shell server',
    'getty@tty1.service          loaded    failed     failed       Getty on tty1',
    'dev-a\\x20b.service          not-found inactive   dead         ',
  ];
  expect(parseUnits(`${table.join('\n')}\n`)).toEqual([
    { ...unit('ssh', 'active', 'running'), description: 'OpenBSD Secure Shell server' },
    { ...unit('getty@tty1', 'failed', 'failed'), description: 'Getty on tty1' },
    { ...unit('dev-a\\x20b', 'inactive', 'dead', 'not-found'), description: '' },
  ]);
});

test('a machine without services has none, in both forms', () => {
  expect(parseUnits('[]\n')).toEqual([]);
  expect(parseUnits('')).toEqual([]);
});

test('control characters in a description do not reach the terminal', () => {
  const [service] = parseUnits(JSON.stringify([{ ...units[0], description: 'a\u001b[2Jb\nc' }]));
  expect(service?.description).toBe('a\\x1b[2Jb\\nc');
});

test.each([
  ['an error page', '<html></html>\n'],
  ['a line that is cut', 'ssh.service loaded'],
  ['broken JSON', '[{"unit": "ssh.serv'],
  ['units without a state', '[{"unit": "ssh.service"}]'],
  ['a list of something else', '[1, null]'],
])('%s is refused', (_, text) => {
  expect(() => parseUnits(text)).toThrow(SyntaxError);
});

test('5,000 units are read', async () => {
  const script = `printf '['; i=1; while [ $i -lt 5000 ]; do
    printf '{"unit":"u%d.service","load":"loaded","active":"failed","sub":"failed","description":"d"},' $i; i=$((i + 1))
  done; printf '{"unit":"u.service","load":"loaded","active":"active","sub":"running","description":"d"}]'`;
  const { probe, env } = withSystemctl(script);
  const section = await servicesSection(probe, { env, signal, timeoutSeconds: 20 });
  expect(section).toMatchObject({ total: 5000, active: 1 });
  expect(section?.failed).toHaveLength(4999);
});

test('a machine that systemd did not boot has no services to tell about, which is no fault', async () => {
  const probe = fakeMachine({ '/run/systemd/sessions/1': '' });
  expect(await servicesSection(probe, { env: {}, signal, timeoutSeconds: 20 })).toBeUndefined();
  expect(probe.errors).toEqual([]);
  expect(probe.unavailable).toEqual([{ section: 'services', reason: 'this machine was not booted with systemd' }]);
});

test.each([
  ['a refusal', 'echo "no bus" >&2; echo more >&2; exit 1', 'failed', 'systemctl failed with code 1: no bus'],
  ['garbage', 'echo "what is JSON?"', 'parse', 'systemctl answered with neither JSON nor its table of units'],
  ['a signal', 'kill -SEGV $$', 'failed', 'systemctl was ended by SIGSEGV'],
  ['silence', 'sleep 30', 'timeout', 'systemctl did not answer within 0.5s'],
])('%s of systemctl is an error', async (_, script, code, message) => {
  const { probe, env } = withSystemctl(script);
  expect(await servicesSection(probe, { env, signal, timeoutSeconds: 0.5 })).toBeUndefined();
  expect(probe.errors).toMatchObject([{ section: 'services', code, subject: 'systemctl', message }]);
});

test('a missing systemctl is an error', async () => {
  const probe = fakeMachine(booted);
  expect(await servicesSection(probe, { env: { PATH: probe.root }, signal, timeoutSeconds: 5 })).toBeUndefined();
  expect(probe.errors).toMatchObject([{ code: 'failed', message: "cannot start 'systemctl': no such program" }]);
});

test('an answer longer than is kept is refused, not cut', async () => {
  const { probe, env } = withSystemctl('head -c 10000000 /dev/zero');
  expect(await servicesSection(probe, { env, signal, timeoutSeconds: 20 })).toBeUndefined();
  expect(probe.errors).toMatchObject([{ message: 'the answer of systemctl was cut off' }]);
});

test('this machine has services or says why not', async () => {
  const probe = createProbe();
  const env = { PATH: '/usr/bin:/bin' };
  const section = await servicesSection(probe, { env, signal, timeoutSeconds: 20 });
  expect(section === undefined).toBe(probe.errors.length + probe.unavailable.length > 0);
});
