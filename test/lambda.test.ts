import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../src/lambda.ts';
import type { LambdaHost } from '../src/lambda-runtime.ts';
import { lambdaRuntime } from '../src/lambda-runtime.ts';
import { powerStatements, readStatements } from '../src/lib/aws/lambda/policy.ts';
import { zipFunction } from '../src/lib/aws/lambda/zip-function.ts';
import { parseSelection } from '../src/lib/aws/power/parse-selection.ts';
import { main } from '../src/main.ts';
import { startTwin, type Twin } from './support/aws-twin/aws-twin.ts';
import { testRuntime } from './support/test-runtime.ts';

// 2026-11-20 is a Friday; the twin begins at 18:00 UTC, which is 19:00 in Berlin.
const schedule = ['--off', 'Fri 19:00 - Mon 07:00', '--tz', 'Europe/Berlin'];
const stop = ['stop-instances', '--tag', 'env=dev', ...schedule];
const start = ['start-instances', '--tag', 'env=dev', ...schedule];
const fridayEvening = '2026-11-20T18:00:00Z';
const mondayMorning = '2026-11-23T06:00:00Z';
const changing = /^(Stop|Start|Create|Delete|Suspend|Resume|Update|Set)/;

let twin: Twin;
let log: string;
beforeEach(async () => {
  twin = await startTwin();
  log = '';
});
afterEach(() => twin.stop());

function host(env: Record<string, string> = {}): LambdaHost {
  const lines = {
    write(chunk: string | Uint8Array) {
      log += Buffer.from(chunk).toString();
      return undefined;
    },
    flush: () => Promise.resolve(),
  };
  const { now, monotonic, pause } = twin.clock;
  return {
    env: { ...twin.env, ...env },
    cwd: () => '/var/task',
    now,
    monotonic,
    pause,
    userId: 993,
    processId: 8,
    version: '1.2.3',
    self: ['/var/lang/bin/node', '/var/task/index.js'],
    log: { stdout: lines, stderr: lines },
  };
}

/** One call of the function; its time runs on the twin's clock. */
function invoke(event: unknown, { seconds = 900, env = {} }: { seconds?: number; env?: Record<string, string> } = {}) {
  const end = twin.clock.monotonic() + seconds;
  const context = { getRemainingTimeInMillis: () => (end - twin.clock.monotonic()) * 1000 };
  return createHandler(host(env))(event, context);
}
const changes = () => twin.calls.filter(({ operation }) => changing.test(operation)).map(({ operation }) => operation);
const stateOf = (id: string) => twin.region().instance(id).state;

describe('an event of EventBridge Scheduler', () => {
  test('stops what is selected, sees it stopped and answers with the records', async () => {
    const dev = twin.region().addInstance({ tags: { env: 'dev' } });
    const prod = twin.region().addInstance({ tags: { env: 'prod' } });
    const answer = await invoke({ argv: stop, scheduledAt: fridayEvening });
    expect(answer).toMatchObject({ exitCode: 0, records: [{ id: dev, state: 'stopped' }] });
    expect([stateOf(dev), stateOf(prod)]).toEqual(['stopped', 'running']);
  });

  test('starts on Monday what was stopped on Friday', async () => {
    const dev = twin.region().addInstance({ tags: { env: 'dev' } });
    const offBefore = twin.region().addInstance({ tags: { env: 'dev' }, state: 'stopped' });
    await invoke({ argv: stop, scheduledAt: fridayEvening });
    twin.clock.advance((Date.parse(mondayMorning) - twin.clock.now().getTime()) / 1000);
    const answer = await invoke({ argv: start, scheduledAt: mondayMorning });
    expect(answer.records).toContainEqual(expect.objectContaining({ id: dev, state: 'started' }));
    expect([stateOf(dev), stateOf(offBefore)]).toEqual(['running', 'stopped']);
  });

  test('that comes twice changes nothing the second time', async () => {
    twin.region().addInstance({ tags: { env: 'dev' } });
    await invoke({ argv: stop, scheduledAt: fridayEvening });
    const before = changes();
    expect(before).toEqual(['CreateTags', 'StopInstances']);
    expect(await invoke({ argv: stop, scheduledAt: fridayEvening })).toMatchObject({ exitCode: 0 });
    expect(changes()).toEqual(before);
  });

  test('that comes at another time of the schedule is refused or silent, and changes nothing', async () => {
    const dev = twin.region().addInstance({ tags: { env: 'dev' } });
    await expect(invoke({ argv: stop, scheduledAt: '2026-11-15T18:00:00Z' })).rejects.toThrow(
      /^stop-instances ended with exit code 2: .*2026-11-15T18:00:00Z.* is stale/,
    );
    expect(await invoke({ argv: start, scheduledAt: mondayMorning.replace('23', '16') })).toMatchObject({
      exitCode: 0,
      records: [],
    });
    expect([changes(), stateOf(dev)]).toEqual([[], 'running']);
  });
});

test('a scheduled event of a rule takes its words from the environment', async () => {
  const dev = twin.region().addInstance({ tags: { env: 'dev' } });
  const event = { 'detail-type': 'Scheduled Event', source: 'aws.events', time: fridayEvening, detail: {} };
  expect(await invoke(event, { env: { DEVOPS_ARGV: JSON.stringify(stop) } })).toMatchObject({ exitCode: 0 });
  expect(stateOf(dev)).toBe('stopped');
});

test('a dry run stays one', async () => {
  const dev = twin.region().addInstance({ tags: { env: 'dev' } });
  expect(await invoke({ argv: [...stop, '--dry-run'] })).toMatchObject({ records: [{ id: dev, state: 'would stop' }] });
  expect([changes(), stateOf(dev)]).toEqual([[], 'running']);
});

test('an answer that is no is no error of the function', async () => {
  expect(await invoke({ argv: ['stop-instances', '--tag', 'env=none'] })).toMatchObject({ exitCode: 1, records: [] });
});

test('asg-ips answers with its records', async () => {
  twin.region().addGroup({ name: 'web', min: 2, max: 2, desired: 2 });
  twin.clock.advance(300);
  const { records } = await invoke({ argv: ['asg-ips', 'web'] });
  expect(records).toHaveLength(2);
  expect(records).toContainEqual(expect.objectContaining({ group: 'web' }));
});

test.each([
  [
    { argv: ['stop-instanses'] },
    "argv: 'stop-instanses' is no command of this function; did you mean 'stop-instances'?",
  ],
  [{ argv: stop, when: 'now' }, "the event has the unknown key 'when'; known are: argv, scheduledAt"],
  [{ argv: [...stop, '--tog'] }, "stop-instances ended with exit code 2: unknown option '--tog'"],
  [
    { argv: [...stop, '--config', 'devops.yaml', '--max', 'x'] },
    "stop-instances ended with exit code 2: option '--max'",
  ],
])('the bad event %j is an error that names the mistake', async (event, message) => {
  twin.region().addInstance({ tags: { env: 'dev' } });
  await expect(invoke(event)).rejects.toThrow(message);
  expect(twin.calls).toEqual([]);
});

test('what is not seen stopped in time is told before the function ends', async () => {
  const slow = twin.region().addInstance({ tags: { env: 'dev' }, stoppingSeconds: 3600 });
  const began = twin.clock.monotonic();
  await expect(invoke({ argv: stop, scheduledAt: fridayEvening }, { seconds: 120 })).rejects.toThrow(slow);
  expect(twin.clock.monotonic() - began).toBeGreaterThan(60);
  expect(twin.clock.monotonic() - began).toBeLessThan(110);
  expect(log).toContain(slow);
});

test('a function with too little time does not begin', async () => {
  twin.region().addInstance({ tags: { env: 'dev' } });
  await expect(invoke({ argv: stop }, { seconds: 3 })).rejects.toThrow('the function has 3s left');
  expect(twin.calls).toEqual([]);
});

test('the log has the records and the failures, and no keys', async () => {
  const dev = twin.region().addInstance({ tags: { env: 'dev' } });
  await invoke({ argv: [...stop, '--verbose'], scheduledAt: fridayEvening });
  await invoke({ argv: [...stop, '--max', 'x'] }).catch(() => undefined);
  expect(log).toContain(`"id":"${dev}"`);
  expect(log).toContain("option '--max'");
  expect(log).not.toContain(twin.env['AWS_SECRET_ACCESS_KEY']!);
});

test('of a long output the answer has the head, and the log all of it', async () => {
  const { runtime, stdout } = lambdaRuntime(host());
  await runtime.stdout.write('é'.repeat(600_000));
  await runtime.stdout.write('x'.repeat(600_000));
  expect(Buffer.byteLength(stdout.text())).toBe(1024 * 1024);
  expect(stdout.leftOut()).toBe(1_800_000 - 1024 * 1024);
  expect(Buffer.byteLength(log)).toBe(1_800_000);
});

test('no signal handlers are installed, and there is nothing to read', async () => {
  const { runtime } = lambdaRuntime(host());
  expect(await runtime.stdin().toArray()).toEqual([]);
  const text = readFileSync(join(import.meta.dirname, '../src/lambda-runtime.ts'), 'utf8');
  expect(text).not.toMatch(/process\.(?:on|once|exit)/);
});

describe('the policy allows what the runs call, and nothing else:', () => {
  const calls = () =>
    new Set(
      twin.calls.filter(({ service }) => service !== 'sts').map(({ service, operation }) => `${service}:${operation}`),
    );
  const actionsOf = (groupMembers: 'skip' | 'suspend' | 'zero') =>
    new Set(
      powerStatements({
        selection: parseSelection({ ids: [], tag: ['env=dev'], filters: [], asg: [] }),
        groupMembers,
        regions: [],
        kmsKeys: [],
      }).flatMap(({ Action }) => Action),
    );

  test.each(['skip', 'suspend', 'zero'] as const)('--group-members %s', async (mode) => {
    const region = twin.region();
    region.addInstance({ tags: { env: 'dev' } });
    region.addInstance({ tags: { env: 'dev' }, spotRequest: 'persistent' });
    region.addGroup({ name: 'web', min: 1, max: 2, desired: 2, tags: { env: 'dev' } });
    twin.clock.advance(300);
    for (const { id } of region.group('web').members) region.tagInstance(id, { env: 'dev' });
    await invoke({ argv: [...stop, '--group-members', mode], scheduledAt: fridayEvening });
    twin.clock.advance((Date.parse(mondayMorning) - twin.clock.now().getTime()) / 1000);
    await invoke({ argv: [...start, '--group-members', mode], scheduledAt: mondayMorning });
    const allowed = actionsOf(mode);
    expect([...calls()].filter((action) => !allowed.has(action))).toEqual([]);
    // Met only where something goes wrong.
    const rare = new Set(['autoscaling:SetInstanceHealth', 'autoscaling:DescribeScalingActivities']);
    expect([...allowed].filter((action) => !calls().has(action) && !rare.has(action))).toEqual([]);
  });
});

test('every event of an exported template is one that the commands take', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-lambda-'));
  try {
    mkdirSync(join(folder, 'dist/lambda'), { recursive: true });
    writeFileSync(join(folder, 'dist/lambda/index.js'), '');
    writeFileSync(join(folder, 'days'), '2026-12-25\n');
    const every =
      'out --tag env=dev --filters Name=instance-type,Values=t3.micro --asg web* --enforce --holidays days --max 7 ' +
      '--account 111122223333 --wait-timeout 5m --no-wait --hibernate --group-members zero --region eu-central-1';
    const { runtime, stderr } = testRuntime({ cwd: folder });
    const self = ['node', join(folder, 'bin/devops')] as const;
    const words = ['lambda', 'export', ...every.split(' '), ...schedule];
    expect([await main(words, { ...runtime, self }), stderr()]).toEqual([0, '']);
    const template = readFileSync(join(folder, 'out/template.yaml'), 'utf8');
    const inputs = [...template.matchAll(/^ +Input: '(.*)'$/gm)].map(([, text]) => text!.replaceAll("''", "'"));
    expect(inputs).toHaveLength(4);
    const region = twin.region();
    region.addGroup({ name: 'web', min: 1, max: 1, desired: 1, tags: { env: 'dev' } });
    for (const input of inputs) {
      const event = JSON.parse(input.replace('<aws.scheduler.scheduled-time>', fridayEvening)) as { argv: string[] };
      const argv = event.argv.map((word) => (word === '/var/task/holidays.txt' ? join(folder, 'days') : word));
      expect(await invoke({ ...event, argv }).catch(String), argv.join(' ')).toMatchObject({ stderr: '' });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the policy of asg-ips allows what it calls', async () => {
  twin.region().addGroup({ name: 'web', min: 2, max: 2, desired: 2 });
  twin.clock.advance(300);
  await invoke({ argv: ['asg-ips', 'web', '--region', 'all', '--min', '0'] }).catch(() => undefined);
  const called = new Set(twin.calls.map(({ service, operation }) => `${service}:${operation}`));
  expect([...called].filter((action) => !action.startsWith('sts:')).toSorted()).toEqual(readStatements[0]!.Action);
});

const built = join(import.meta.dirname, '../dist/lambda/index.js');

describe.skipIf(!existsSync(built))('the built function', () => {
  test('is at most 200 KB as an archive', async () => {
    const archive = await zipFunction({ 'index.js': readFileSync(built) });
    expect(archive.length).toBeLessThanOrEqual(200_000);
  });

  test('is one module with a handler, as Lambda loads it', async () => {
    const { handler } = createRequire(import.meta.url)(built) as { handler: ReturnType<typeof createHandler> };
    const before = process.listenerCount('SIGTERM');
    await expect(handler({ argv: ['doctor'] }, { getRemainingTimeInMillis: () => 900_000 })).rejects.toThrow(
      "'doctor' is no command of this function",
    );
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
