import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import type { TwinRegion } from '../support/aws-twin/twin-region.ts';
import { changingCalls, runPower } from './run-power.ts';

const accounts = ['111122223333', '444455556666'];
let twin: Twin;
let region: TwinRegion;

beforeEach(async () => {
  twin = await startTwin({ accounts });
  region = twin.region();
});
afterEach(() => twin.stop());

const dev = { tags: { env: 'dev' } };

describe('without a terminal', () => {
  test('the plan is printed, one line says what is needed, and nothing is changed', async () => {
    const id = region.addInstance(dev);
    const { code, outcome, stderr } = await runPower(twin, 'stop-instances --tag env=dev');
    expect(outcome).toEqual({ [id]: 'would stop' });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'usage', message: 'nothing was changed: stopping 1 instance without a terminal needs --yes' },
    });
    expect(code).toBe(2);
    expect(changingCalls(twin)).toEqual([]);
  });

  test('in text, too', async () => {
    const id = region.addInstance({ ...dev, name: 'web' });
    const { code, stdout, stderr } = await runPower(twin, 'stop-instances --tag env=dev', { text: true });
    expect(stdout).toBe(`${id}\tweb\teu-central-1\tt3.micro\twould stop\t\t\t111122223333\t\t\n`);
    expect(stderr).toMatch(/^devops: error: nothing was changed: stopping 1 instance .* needs --yes\ndevops: hint: /);
    expect(code).toBe(2);
  });

  test('nothing to do is fine', async () => {
    const id = region.addInstance({ ...dev, state: 'stopped' });
    const { code, outcome, stderr } = await runPower(twin, 'stop-instances --tag env=dev');
    expect(outcome).toEqual({ [id]: 'left alone: already-stopped' });
    expect([code, stderr]).toEqual([0, '']);
  });

  test('--dry-run shows the plan and is fine', async () => {
    const id = region.addInstance(dev);
    const { code, outcome, stderr } = await runPower(twin, 'stop-instances --tag env=dev -n');
    expect(outcome).toEqual({ [id]: 'would stop' });
    expect([code, stderr, changingCalls(twin)]).toEqual([0, '', []]);
  });

  test('with -q all well prints nothing, and what is not is told', async () => {
    region.addInstance(dev);
    region.addInstance({ ...dev, state: 'stopped' });
    const well = await runPower(twin, 'stop-instances --tag env=dev -y -q', { text: true });
    expect([well.code, well.stdout, well.stderr]).toEqual([0, '', '']);
    const slow = region.addInstance({ ...dev, stoppingSeconds: 4000 });
    const bad = await runPower(twin, 'stop-instances --tag env=dev -y -q --wait-timeout 1m', { text: true });
    expect(bad.code).toBe(2);
    expect(bad.stdout + bad.stderr).toContain(`${slow}: it was not seen stopped in time`);
  });
});

describe('on a terminal', () => {
  test('the plan is shown, a question counts, and y does it', async () => {
    const id = region.addInstance({ ...dev, name: 'web' });
    twin.region('eu-west-1').addInstance(dev);
    const { code, stdout, stderr } = await runPower(
      twin,
      'stop-instances --tag env=dev --region eu-central-1,eu-west-1 --no-color',
      { text: true, stdin: 'y\n', terminalColumns: 120 },
    );
    expect(stderr).toContain('stop 2 instances in 2 regions, account 111122223333? [y/N]');
    expect(stderr).toMatch(/would stop/);
    expect(stdout).toMatch(
      /\neu-central-1: 1 stopped\neu-west-1: 1 stopped\ndevops start-instances --run 20261120T180000Z-\w{4} --region eu-central-1,eu-west-1 brings them back\n$/,
    );
    expect(code).toBe(0);
    expect(region.instance(id).state).toBe('stopped');
  });

  test('anything else changes nothing', async () => {
    region.addInstance(dev);
    const { code, stderr } = await runPower(twin, 'stop-instances --tag env=dev', {
      text: true,
      stdin: '\n',
      terminalColumns: 120,
    });
    expect(stderr).toMatch(/devops: error: not confirmed: nothing was changed\n$/);
    expect(code).toBe(2);
    expect(changingCalls(twin)).toEqual([]);
  });
});

test('an id that is nowhere: another selector is blamed only where there is one', async () => {
  const id = 'i-0123456789abcdef0';
  const message = 'there is no such instance in eu-central-1';
  const alone = await runPower(twin, `stop-instances ${id} --yes`);
  expect(alone.records[0]?.error?.message).toBe(message);
  const narrowed = await runPower(twin, `stop-instances ${id} --tag env=dev --yes`);
  expect(narrowed.records[0]?.error?.message).toBe(`${message}, or another selector does not fit it`);
});

test('more than --max changes nothing, and says how many they are', async () => {
  for (let count = 0; count < 51; count++) region.addInstance(dev);
  const { code, stdout, stderr } = await runPower(twin, 'stop-instances --tag env=dev --yes', { text: true });
  expect(stderr).toContain('51 instances would be stopped, more than --max 50: nothing was changed');
  expect(stderr).toContain('--max 51 allows it');
  expect([code, stdout, changingCalls(twin)]).toEqual([2, '', []]);
  const plan = await runPower(twin, 'stop-instances --tag env=dev --dry-run');
  expect([plan.code, plan.records.length]).toEqual([2, 51]);
});

test('another account than --account changes nothing, and asks for nothing else', async () => {
  region.addInstance(dev);
  const other = { env: { ...twin.accountEnv(accounts[1]!), TZ: 'UTC' }, text: true };
  const { code, stderr } = await runPower(twin, `stop-instances --tag env=dev --yes --account ${accounts[0]}`, other);
  expect(stderr).toContain('eu-central-1 is in account 444455556666, not in 111122223333: nothing was changed');
  expect(code).toBe(2);
  expect(twin.calls.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
  const right = await runPower(twin, `stop-instances --tag env=dev --yes --account ${accounts.join(',')}`);
  expect(right.code).toBe(0);
});

test('two profiles are two accounts: both are told, and each instance with its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'devops-power-'));
  try {
    const keys = (account: string) => {
      const env = twin.accountEnv(account);
      return `aws_access_key_id = ${env['AWS_ACCESS_KEY_ID']}\naws_secret_access_key = ${env['AWS_SECRET_ACCESS_KEY']}\n`;
    };
    const file = join(folder, 'credentials');
    await writeFile(file, `[one]\n${keys(accounts[0]!)}[two]\n${keys(accounts[1]!)}`);
    const here = region.addInstance(dev);
    const there = twin.region('eu-central-1', accounts[1]).addInstance(dev);
    const { AWS_REGION, AWS_ENDPOINT_URL, AWS_EC2_METADATA_DISABLED } = twin.env;
    const env = {
      AWS_REGION: AWS_REGION!,
      AWS_ENDPOINT_URL: AWS_ENDPOINT_URL!,
      AWS_EC2_METADATA_DISABLED: AWS_EC2_METADATA_DISABLED!,
      AWS_SHARED_CREDENTIALS_FILE: file,
      TZ: 'UTC',
    };
    const line = 'stop-instances --tag env=dev --profile one,two';
    const asked = await runPower(twin, line, { env, text: true, stdin: 'n\n', terminalColumns: 120 });
    expect(asked.stderr).toContain('stop 2 instances in eu-central-1, accounts 111122223333, 444455556666? [y/N]');
    const guarded = await runPower(twin, `${line} --yes --account ${accounts[0]}`, { env, text: true });
    expect(guarded.stderr).toContain('two eu-central-1 is in account 444455556666');
    const { code, records } = await runPower(twin, `${line} --yes`, { env });
    expect(records.map(({ id, account, profile, state }) => [id, account, profile, state])).toEqual(
      expect.arrayContaining([
        [here, accounts[0], 'one', 'stopped'],
        [there, accounts[1], 'two', 'stopped'],
      ]),
    );
    expect(code).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a region that fails is an error beside what was done in the others', async () => {
  const id = twin.region('eu-west-1').addInstance(dev);
  region.addInstance(dev);
  twin.fault({
    operation: 'DescribeInstances',
    region: 'eu-central-1',
    times: Infinity,
    effect: 'UnauthorizedOperation',
  });
  const line = 'stop-instances --tag env=dev --yes --region eu-central-1,eu-west-1';
  const { code, outcome, records } = await runPower(twin, line);
  expect(outcome[id]).toBe('stopped');
  expect(records.find(({ subject }) => subject === 'eu-central-1')?.error?.code).toBe('permission');
  expect(code).toBe(2);
});

test('an API that answers half a page, or a page of somebody else, changes nothing', async () => {
  region.addInstance(dev);
  for (const effect of ['truncate', 'html'] as const) {
    twin.fault({ operation: 'DescribeInstances', times: Infinity, effect });
    const { code, records } = await runPower(twin, 'stop-instances --tag env=dev --yes');
    expect(records).toMatchObject([{ subject: 'eu-central-1', error: { code: 'network' } }]);
    expect(code).toBe(2);
    twin.forgetFaults();
  }
  expect(changingCalls(twin)).toEqual([]);
});

test('--timeout ends the waiting: what is known is printed, and how much is not', async () => {
  const [quick] = [
    region.addInstance({ ...dev, stoppingSeconds: 3 }),
    region.addInstance({ ...dev, stoppingSeconds: 800 }),
  ];
  let pauses = 0;
  const { code, stdout, stderr } = await runPower(twin, 'stop-instances --tag env=dev --yes --timeout 1s', {
    text: true,
    // The wait that does not end.
    pause: (seconds, signal) => twin.clock.pause(++pauses > 3 ? 0.001 : seconds, signal),
  });
  expect(stdout).toContain(`${quick}\t`);
  expect(stderr).toContain('stopped: what became of 1 of 2 instances is not known');
  expect(stderr).toContain('the same command once more does what is left to do');
  expect(stderr).toContain('--timeout of 1s reached');
  expect(code).toBe(2);
});

describe('selectors', () => {
  test.each([
    ['--tag env=dev', ['a', 'b']],
    ['--tag env=dev --tag team=x', ['a']],
    ['--tag env=dev,prod', ['a', 'b', 'c']],
    ['--tag env', ['a', 'b', 'c']],
    ['--tag env --tag team', ['a']],
    ['--tag Name=a*', ['a']],
    ['--filters Name=instance-type,Values=m5.large,c5.large', ['b', 'c']],
    ['--filters Name=instance-type,Values=m5.large --tag env=dev', ['b']],
    ['--all', ['a', 'b', 'c', 'd']],
  ])('%s', async (selectors, expected) => {
    region.addInstance({ name: 'a', tags: { env: 'dev', team: 'x' } });
    region.addInstance({ name: 'b', type: 'm5.large', tags: { env: 'dev' } });
    region.addInstance({ name: 'c', type: 'c5.large', tags: { env: 'prod' } });
    region.addInstance({ name: 'd', tags: { environment: 'dev' } });
    const { code, records } = await runPower(twin, `stop-instances ${selectors} --dry-run`);
    expect(new Set(records.map(({ name }) => name))).toEqual(new Set(expected));
    expect(code).toBe(0);
  });

  test('a comma behind a backslash belongs to the value', async () => {
    const id = region.addInstance({ tags: { role: 'a,b' } });
    region.addInstance({ tags: { role: 'a' } });
    const { outcome } = await runPower(twin, ['stop-instances', '--tag', String.raw`role=a\,b`, '-n']);
    expect(outcome).toEqual({ [id]: 'would stop' });
  });

  test('of several regions an id has to be in one', async () => {
    const id = twin.region('eu-west-1').addInstance();
    const { code, outcome } = await runPower(twin, `stop-instances ${id} -n --region eu-central-1,eu-west-1`);
    expect(outcome).toEqual({ [id]: 'would stop' });
    expect(code).toBe(0);
  });

  test.each([
    ['--tag env=dev', '--tag env=dev matches no instance in eu-central-1'],
    [
      '--filters Name=instance-type,Values=m5.large',
      '--filters Name=instance-type,Values=m5.large matches no instance',
    ],
    ['--schedule-tag maid_offhours', '--schedule-tag maid_offhours matches no instance'],
    ['--all', '--all matches no instance'],
  ])('%s that fits nothing is told in one line, with exit code 1', async (selectors, line) => {
    const { code, stdout, stderr } = await runPower(twin, `stop-instances ${selectors} --yes`, { text: true });
    expect(stderr).toMatch(/^devops: [^\n]*\n$/);
    expect(stderr).toContain(line);
    expect([code, stdout]).toEqual([1, '']);
  });

  test('a group that does not exist is an error', async () => {
    const { code, outcome } = await runPower(twin, 'stop-instances --asg web --yes');
    expect(outcome).toEqual({ web: 'error: not-found' });
    expect(code).toBe(2);
  });

  test.each([
    ['', 'there is nothing that says which instances to stop'],
    ['--off nights', 'there is nothing that says which instances to stop'],
    ['web-1', "'web-1' is not the id of an instance"],
    ['i-12', "'i-12' is not the id of an instance"],
    ['--all --tag env=dev', '--all means every instance'],
    ['--tag =dev', "--tag '=dev', column 1: there is no key"],
    [`--tag ${'k'.repeat(129)}=dev`, 'the key has more than 128 characters'],
    [`--tag env=dev,${'v'.repeat(257)}`, 'a value has more than 256 characters'],
    ['--tag env=a --tag env=b', "--tag 'env' is given twice"],
    ['--filters Values=a', "--filters 'Values=a', column 1: Name= is missing"],
    ['--filters Name=a,Value=b', 'column 8: Values= is missing'],
    ['--filters Name=a;Values=b', 'column 1: Name= is missing'],
    ['--account 123', "'123' is not the id of an account"],
    ['--all --max 0', "'0' is not a number from 1"],
    ['--all --group-members stop', "'stop' is not a way to treat members of groups"],
    ['--all --wait-timeout 2d', "'2d' is out of range"],
    ['--all --tz Europe/Berlin', '--tz says something about a schedule, and there is none'],
    ['--all --enforce', '--enforce says something about a schedule, and there is none'],
    ['--all --off nights --schedule-tag x', '--schedule-tag takes the schedule of each instance'],
    ['--all --off nights --tz Europe/Atlantis', 'Europe/Atlantis'],
    ['--all --off sometimes', 'column'],
    ['--all --scheduled-at noon', "--scheduled-at: 'noon' is no time"],
  ])('%s: a usage error that asks for nothing', async (words, message) => {
    const { code, stdout, stderr } = await runPower(twin, `stop-instances ${words} --yes`, { text: true });
    expect(stderr).toContain(message);
    expect([code, stdout, twin.calls.length]).toEqual([2, '', 0]);
  });
});
