import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jobOfFlags } from '../../../src/lib/jobs/job-of-flags.ts';
import type { JobHost } from '../../../src/lib/jobs/job-host.ts';
import { runJob } from '../../../src/lib/jobs/run-job.ts';
import type { NotifierSettings } from '../../../src/lib/notify/settings.ts';
import { pause } from '../../../src/lib/time/pause.ts';
import { notifyBench, ops } from '../../commands/run-notify.ts';
import { startHookServer } from '../notify/start-hook-server.ts';

let bench: ReturnType<typeof notifyBench>;
beforeEach(() => {
  bench = notifyBench();
});
afterEach(() => bench.close());

/** One run with the patience of a test: how it ended, what was told, and how long it took. */
async function runWith(
  patience: { usualSeconds: number; hurriedSeconds: number },
  options: {
    script?: string;
    name?: string;
    notify?: readonly string[];
    notifiers?: Record<string, NotifierSettings>;
    interruptAfter?: number;
    again?: number;
  } = {},
) {
  const { script = 'exit 3', name = 'backup', notify = [ops], notifiers = {}, interruptAfter, again } = options;
  const interruption = new AbortController();
  const urgency = new AbortController();
  const warnings: string[] = [];
  const host: JobHost = {
    env: bench.env(),
    cwd: bench.folder,
    uid: process.getuid!(),
    pid: process.pid,
    hostname: 'web1',
    homeDirectory: bench.folder,
    self: [process.execPath, 'bin/devops'],
    notifiers,
    now: () => Date.now(),
    monotonic: () => performance.now() / 1000,
    pause,
    random: () => 0,
    signal: interruption.signal,
    urgent: urgency.signal,
    patience,
    warn: (message) => void warnings.push(message),
    debug: () => undefined,
  };
  const job = jobOfFlags({ argv: ['sh', '-c', script], name, notify, cwd: bench.folder }, {});
  const timers = [
    setTimeout(() => interruption.abort(new Error('SIGTERM')), interruptAfter ?? 600_000),
    setTimeout(() => urgency.abort(new Error('SIGTERM')), again ?? 600_000),
  ];
  const began = performance.now();
  const { run, untold } = await runJob(job, host, {
    live: { kind: 'silent' },
    stdin: 'ignore',
    splay: false,
  });
  for (const timer of timers) clearTimeout(timer);
  return {
    exitCode: run.exitCode,
    state: run.state,
    untold,
    warnings,
    seconds: (performance.now() - began) / 1000,
  };
}

const short = { usualSeconds: 1, hurriedSeconds: 0.3 };

describe('a run whose mail server does not get on', () => {
  test.each([
    ['silent', /did not take the mail within|took too long to answer|not done within/],
    ['slow-drip', /did not take the mail within|not done within/],
    ['late-drip', /did not take the mail within|not done within/],
  ] as const)('ends within its deadline when it is %s, and the alert waits', async (mode, reason) => {
    const bad = await bench.mailServer({ mode });
    const run = await runWith(short);
    expect(run).toMatchObject({ exitCode: 3, untold: true });
    expect(run.seconds).toBeGreaterThan(0.8);
    expect(run.seconds).toBeLessThan(2);
    expect(run.warnings).toEqual([expect.stringMatching(reason)]);
    expect(bench.spooled()).toMatchObject([{ to: ops, attempts: 1 }]);
    await bad.close();
    const good = await bench.mailServer();
    expect((await bench.devops('notify flush --all')).code).toBe(0);
    expect(good.received).toHaveLength(1);
    expect(bench.spooled()).toEqual([]);
  });

  test('ends sooner when the job was interrupted, and still tries', async () => {
    await using hook = await startHookServer([() => undefined]);
    const notifiers: Record<string, NotifierSettings> = {
      checks: { type: 'healthchecks', url: hook.url, states: ['fail'] },
    };
    const patience = { usualSeconds: 30, hurriedSeconds: 0.5 };
    const options = { notify: ['checks'], notifiers, script: 'sleep 30', interruptAfter: 200 };
    const run = await runWith(patience, options);
    expect(run).toMatchObject({ state: 'interrupted', untold: true, warnings: ['checks: there was no time left'] });
    expect(run.seconds).toBeLessThan(2);
    expect(hook.taken.map(({ path }) => path)).toEqual([expect.stringContaining('/fail?')]);
  });

  test('ends sooner when the interruption comes while it waits for the server', async () => {
    await bench.mailServer({ mode: 'silent' });
    const run = await runWith({ usualSeconds: 30, hurriedSeconds: 0.5 }, { interruptAfter: 700 });
    expect(run).toMatchObject({ exitCode: 3, state: 'failed', untold: true });
    expect(run.seconds).toBeGreaterThan(1);
    expect(run.seconds).toBeLessThan(3);
    expect(bench.spooled()).toHaveLength(1);
  });

  test('ends at once with the second interruption', async () => {
    await bench.mailServer({ mode: 'slow-drip' });
    const run = await runWith({ usualSeconds: 30, hurriedSeconds: 20 }, { interruptAfter: 500, again: 700 });
    expect(run).toMatchObject({ exitCode: 3, untold: true });
    expect(run.seconds).toBeLessThan(2);
    expect(bench.spooled()).toHaveLength(1);
  });

  test('ends within its deadline beside nine others, and all alerts arrive once when the server is back', async () => {
    const bad = await bench.mailServer({ mode: 'silent' });
    const names = Array.from({ length: 10 }, (_, index) => `job-${index}`);
    const runs = await Promise.all(names.map((name) => runWith(short, { name })));
    for (const run of runs) {
      expect(run).toMatchObject({
        exitCode: 3,
        untold: true,
        warnings: [expect.stringContaining(`${ops} was not told: `)],
      });
      expect(run.seconds).toBeLessThan(4);
    }
    expect(bench.spooled()).toHaveLength(10);
    await bad.close();
    const good = await bench.mailServer();
    expect((await bench.devops('notify flush --all')).code).toBe(0);
    expect(good.received).toHaveLength(10);
    expect(bench.spooled()).toEqual([]);
  });

  test('has one deadline for all whom it tells', async () => {
    await bench.mailServer({ mode: 'silent' });
    await using hook = await startHookServer([() => undefined]);
    const notifiers: Record<string, NotifierSettings> = {
      chat: { type: 'webhook', url: hook.url },
      checks: {
        type: 'healthchecks',
        url: hook.url,
        states: ['start', 'fail'],
      },
    };
    const run = await runWith(short, {
      notify: [ops, 'chat', 'checks'],
      notifiers,
    });
    expect(run).toMatchObject({ exitCode: 3, untold: true });
    expect(run.seconds).toBeLessThan(2.5);
    expect(new Set(run.warnings.map((line) => line.split(/[ ,:]/)[0]))).toEqual(new Set(['chat', 'checks', 'mailto']));
    expect(run.warnings).toHaveLength(3);
    expect(run.warnings.join('\n')).not.toContain('s3cret');
  });
});

test('an alert that another flush has found to be undeliverable is not taken for told', async () => {
  const server = await bench.mailServer({
    refuse: { data: 554 },
    delayMilliseconds: 300,
  });
  const runs = await Promise.all(
    ['one', 'two', 'three'].map((name) => runWith({ usualSeconds: 10, hurriedSeconds: 1 }, { name })),
  );
  expect(runs.map(({ untold }) => untold)).toEqual([true, true, true]);
  for (const { warnings } of runs) expect(warnings).toEqual([expect.stringMatching(/was not told: .* 554 /)]);
  expect(bench.spooled('dead')).toHaveLength(3);
  expect(server.connections()).toBe(3);
});
