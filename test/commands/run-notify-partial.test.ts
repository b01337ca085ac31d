import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireLock } from '../../src/lib/locks/acquire-lock.ts';
import { readMail } from '../support/mail/read-mail.ts';
import { failing, notifyBench, ops } from './run-notify.ts';

let bench: ReturnType<typeof notifyBench>;
beforeEach(() => {
  bench = notifyBench();
});
afterEach(() => bench.close());

const twoOf = (port: number) =>
  bench.config(
    `notify:\n  team: { type: mail, to: [ops@example.org, b@example.org], smtp: { host: 127.0.0.1, port: ${port}, starttls: never } }\n`,
  );
const runForTeam = (...words: string[]) => bench.devops(['run', '--notify', 'team', ...words]);

describe('an alert for two people', () => {
  test('of whom one is refused for now reaches each of them once', async () => {
    const bad = await bench.mailServer({ refuse: { recipients: { 'b@example.org': 450 } } });
    twoOf(bad.port);
    const failed = await runForTeam(...failing(3));
    expect(failed).toMatchObject({ code: 3, stdout: '' });
    expect(failed.stderr).toMatch(
      /^devops: warning: team was not told: .* took the mail, but not for all: b@example\.org: 450 [^\n]*\ndevops: backup on /,
    );
    expect(bench.spooled()).toMatchObject([{ to: 'team', recipients: ['b@example.org'], attempts: 1 }]);
    await bad.close();
    const good = await bench.mailServer();
    twoOf(good.port);
    bench.later(31);
    expect(await bench.devops('run --name other -- true')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect([bad.received[0]?.to, good.received.map(({ to }) => to)]).toEqual([
      ['ops@example.org'],
      [['b@example.org']],
    ]);
    const [first, second] = [bad, good].map(({ received }) => readMail(received[0]!.raw).headers.get('message-id'));
    expect(first).toBe(second);
    expect([bench.spooled(), bench.spooled('dead')]).toEqual([[], []]);
  });

  test('of whom one does not exist reaches the other once, and who was not told is said', async () => {
    const server = await bench.mailServer({ refuse: { recipients: { 'b@example.org': 550 } } });
    twoOf(server.port);
    const failed = await runForTeam(...failing(3));
    expect(failed).toMatchObject({ code: 3, stdout: '' });
    expect(failed.stderr).toMatch(/team was not told: .* took the mail, but not for all: b@example\.org: 550 /);
    bench.later(7200);
    await bench.devops('notify flush --all');
    await bench.devops('run --name other -- true');
    expect(server.received.map(({ to }) => to)).toEqual([['ops@example.org']]);
    expect([bench.spooled().length, bench.spooled('dead')]).toMatchObject([0, [{ to: 'team', recipients: [] }]]);
  });

  test('who are told by two notifiers gets each its own, whatever becomes of the other', async () => {
    const server = await bench.mailServer({ refuse: { recipients: { 'b@example.org': 451 } } });
    const failed = await bench.devops(['run', '--notify', ops, '--notify', 'mailto:b@example.org', ...failing(3)]);
    expect(failed.stderr).toMatch(
      /^devops: warning: mailto:b@example\.org was not told: [^\n]*451[^\n]*\ndevops: backup/,
    );
    expect(server.received.map(({ to }) => to)).toEqual([['ops@example.org']]);
    expect(bench.spooled()).toMatchObject([{ to: 'mailto:b@example.org' }]);
  });
});

describe('devops notify flush', () => {
  test('says of each what became of it, and exits 2 while anything waits', async () => {
    expect(await bench.devops('notify flush')).toEqual({ code: 0, stdout: '', stderr: '' });
    const down = await bench.mailServer({ mode: 'down' });
    await bench.devops(['run', '--notify', ops, ...failing(3)]);
    const [entry] = bench.spooled();
    const waiting = await bench.devops('notify flush --json');
    expect(waiting).toMatchObject({ code: 2, stderr: '' });
    const reason = expect.stringContaining('connection refused') as string;
    expect(JSON.parse(waiting.stdout)).toEqual([{ id: entry!.id, to: ops, state: 'waiting', reason }]);
    expect(bench.spooled()).toMatchObject([{ attempts: 1 }]);
    await bench.devops('notify flush --all');
    expect(bench.spooled()).toMatchObject([{ attempts: 2 }]);
    await down.close();
    const server = await bench.mailServer();
    expect((await bench.devops('notify flush')).code).toBe(2);
    expect(await bench.devops('notify flush --all')).toEqual({
      code: 0,
      stdout: `${entry!.id}\t\tdelivered\t\n`,
      stderr: '',
    });
    expect(server.received).toHaveLength(1);
  });

  test('is refused with 75 while another run sends what waits', async () => {
    await bench.mailServer({ mode: 'down' });
    await bench.devops(['run', '--notify', ops, ...failing(3)]);
    const path = join(bench.state, 'spool/flush.lock');
    const { signal } = new AbortController();
    const request = { env: bench.env(), pid: process.pid, signal, now: 0, what: 'a test', waitSeconds: 0 };
    const held = await acquireLock(path, request);
    if ('busy' in held) throw new Error('the lock is held');
    try {
      const flush = await bench.devops('notify flush --all');
      expect(flush).toMatchObject({ code: 75, stdout: '' });
      expect(flush.stderr).toMatch(/^devops: error: another run is sending what waits\n/);
      const run = await bench.devops('run --name other -- true');
      expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
    } finally {
      held.lock.release();
    }
  });
});

describe('alerts that wait for over an hour', () => {
  test('are critical to devops jobs status and a failed check to devops doctor', async () => {
    await bench.mailServer({ mode: 'down' });
    await bench.devops(['run', '--notify', ops, ...failing(3)]);
    const fresh = [await bench.devops('jobs status'), await bench.devops('doctor')];
    expect(fresh[0]).toMatchObject({ code: 0, stdout: expect.stringContaining('1 alert waits') as string });
    expect(fresh[1]!.stdout).toMatch(/^ok +alerts +1 alert waits/m);
    bench.later(3700);
    const status = await bench.devops('jobs status');
    expect(status).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/1 alert waits, the oldest for 1h 1m/) as string,
    });
    const doctor = await bench.devops('doctor');
    expect(doctor.stdout).toMatch(/^failed +alerts +1 alert waits, the oldest for 1h 1m/m);
    expect(doctor.code).toBe(1);
  });
});
