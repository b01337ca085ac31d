import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HookAnswer, startHookServer } from '../lib/notify/start-hook-server.ts';
import { failing, notifyBench } from './run-notify.ts';

let bench: ReturnType<typeof notifyBench>;
beforeEach(() => {
  bench = notifyBench();
});
afterEach(() => bench.close());

/** Checks of this server, and what was asked of it: the state, the run, and the body. */
async function checks(answers: readonly HookAnswer[], settings = '') {
  const server = await startHookServer(answers);
  bench.config(`notify:\n  checks: { type: healthchecks, url: { env: CHECK }${settings} }\n`);
  const env = { CHECK: server.url };
  return {
    env,
    run: (code: number, ...words: string[]) =>
      bench.devops(['run', '--notify', 'checks', ...words, ...failing(code)], { env }),
    pings: () =>
      server.taken.map(({ path, body }) => {
        const url = new URL(path!, 'http://check');
        return { state: url.pathname.replace('/hooks/s3cret-path', ''), run: url.searchParams.get('rid'), body };
      }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe('a check of Healthchecks', () => {
  test('is told of the start and of the good end of a run', async () => {
    await using check = await checks([[200, 'OK']]);
    expect(await check.run(0)).toEqual({ code: 0, stdout: '', stderr: '' });
    const [start, end, ...rest] = check.pings();
    expect([start!.state, end!.state, rest]).toEqual(['/start', '', []]);
    expect(start!.run).toMatch(/^[\da-f-]{36}$/);
    expect(end!.run).toBe(start!.run);
  });

  test('is told of a failure with the output, which nothing else tells then', async () => {
    await using check = await checks([[200, 'OK']]);
    expect(await check.run(3)).toEqual({ code: 3, stdout: '', stderr: '' });
    const [, end] = check.pings();
    expect(end).toMatchObject({
      state: '/fail',
      body: expect.stringMatching(/^backup on \S+: exit code 3\n\nbroken pipe\n$/) as string,
    });
    expect(await check.run(3)).toEqual({ code: 3, stdout: '', stderr: '' });
    expect(check.pings().map(({ state }) => state)).toEqual(['/start', '/fail', '/start', '/fail']);
  });

  test('is told of the end after the start, however long the start takes', async () => {
    let isAnswered = false;
    const slow: HookAnswer = (_, response) =>
      void setTimeout(() => {
        isAnswered = true;
        response.end('OK');
      }, 400);
    const last: HookAnswer = (_, response) => void response.writeHead(isAnswered ? 200 : 500).end('OK');
    await using check = await checks([slow, last]);
    expect(await check.run(0)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(check.pings().map(({ state }) => state)).toEqual(['/start', '']);
  });

  test('does not delay the job', async () => {
    const slow: HookAnswer = (_, response) => void setTimeout(() => response.end('OK'), 800);
    await using check = await checks([slow, [200, 'OK']]);
    const began = Date.now();
    const words = ['--notify', 'checks', '--name', 'when', '--', 'sh', '-c', 'date +%s%3N; exit 3'];
    await bench.devops(['run', ...words], { env: check.env });
    const ran = Number(/\n(\d{13})\n/.exec(check.pings()[1]!.body)![1]);
    expect(ran - began).toBeLessThan(600);
  });

  test('that takes none of it is a warning without its URL, and changes no exit code', async () => {
    await using check = await checks([[404, 'not found']]);
    const good = await check.run(0);
    expect(good.code).toBe(0);
    expect(good.stderr).toMatch(/^devops: warning: checks: 127\.0\.0\.1:\d+ answers 404 [^\n]+\n$/);
    const bad = await check.run(3);
    expect(bad.code).toBe(3);
    expect(bad.stderr).toMatch(/^devops: warning: checks: [^\n]+\ndevops: backup on \S+: exit code 3\n/);
    expect(bad.stderr).toContain('broken pipe');
    expect(good.stderr + bad.stderr).not.toContain('s3cret');
  });

  test('that missed the start alone is told so', async () => {
    await using check = await checks([[404], [200, 'OK']]);
    const run = await check.run(0);
    expect(run).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^devops: warning: checks, at the start of the run: [^\n]+\n$/) as string,
    });
  });

  test('that does not want to know of failures leaves them to standard error', async () => {
    await using check = await checks([[200, 'OK']], ', states: [start, success]');
    const run = await check.run(3);
    expect(run.stderr).toMatch(/^devops: backup on \S+: exit code 3\n/);
    expect(check.pings().map(({ state }) => state)).toEqual(['/start']);
  });

  test('is told nothing of a run that another one keeps from starting', async () => {
    await using check = await checks([[200, 'OK']]);
    const holder = bench.devops(['run', '--name', 'holder', '--lock', 'one', '--', 'sleep', '1']);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await check.run(0, '--lock', 'one')).toEqual({ code: 75, stdout: '', stderr: '' });
    expect(check.pings()).toEqual([]);
    await holder;
  });
});

describe('a webhook and Slack', () => {
  test('are told of a failure in their own words, and a webhook that fails does so alone', async () => {
    await using hook = await startHookServer([[200]]);
    await using slack = await startHookServer([[500], [200, 'ok']]);
    bench.config(
      `notify:\n  chat: { type: webhook, url: { env: HOOK } }\n  room: { type: slack, url: { env: SLACK } }\n`,
    );
    const env = { HOOK: hook.url, SLACK: slack.url };
    const run = await bench.devops(['run', '--notify', 'chat', '--notify', 'room', ...failing(3)], { env });
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/^devops: warning: room was not told: 127\.0\.0\.1:\d+ answers 500\ndevops: backup on /);
    const title = expect.stringMatching(/^FAILED backup on \S+: exit code 3$/) as string;
    expect(JSON.parse(hook.taken[0]!.body)).toMatchObject({ version: 1, kind: 'failed', title, run: { exitCode: 3 } });
    expect(hook.taken[0]!.headers['idempotency-key']).toMatch(/^[\da-f-]{36}$/);
    bench.later(31);
    expect(await bench.devops('run --name other -- true', { env })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect([hook.taken.length, slack.taken.length, bench.spooled()]).toEqual([1, 2, []]);
    expect(slack.taken[1]!.body).toContain('broken pipe');
  });

  test('are asked to come again by Retry-After, and are left alone until then', async () => {
    await using hook = await startHookServer([[429, '', { 'retry-after': '600' }], [200]]);
    bench.config(`notify:\n  chat: { type: webhook, url: { env: HOOK } }\n`);
    const env = { HOOK: hook.url };
    await bench.devops(['run', '--notify', 'chat', ...failing(3)], { env });
    bench.later(300);
    await bench.devops('run --name other -- true', { env });
    expect(hook.taken).toHaveLength(1);
    bench.later(301);
    await bench.devops('run --name other -- true', { env });
    expect([hook.taken.length, bench.spooled()]).toEqual([2, []]);
  });
});
