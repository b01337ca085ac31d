import { expect, test } from 'vitest';
import { useAsgShop } from './run-asg-ips.ts';

const shop = useAsgShop();
const waiting = (count: number, wanted: number, time: string) =>
  `devops: ${count} of ${wanted} addresses: waiting for up to ${time}\n`;
const critical = (line: string) => `devops: critical: ${line}\n`;

test('a group without an instance is exit code 1 with one line on stderr', async () => {
  shop.group('web', []);
  expect(await shop.run('web')).toEqual({
    code: 1,
    stdout: '',
    stderr: critical('web: no address: the group has no instance'),
  });
});

test('members that are all left out are named as the reason', async () => {
  shop.group('web', [{}, {}]);
  for (const member of shop.twin.region().group('web').members) member.lifecycle = 'Standby';
  expect(await shop.run('web')).toEqual({
    code: 1,
    stdout: '',
    stderr: critical('web: no address: the group has 2 instances, left out by --lifecycle, --health, --state or --az'),
  });
});

test('instances of which none has the address that was asked for are told in that line', async () => {
  const [id] = shop.group('web', [{}]);
  expect(await shop.run('web --ip public')).toEqual({
    code: 1,
    stdout: '',
    stderr: critical(`web: no public IPv4 address: 1 instance has no public IPv4 address: ${id}`),
  });
});

test('fewer than --min is exit code 1, and what there is is printed', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.2' }]);
  expect(await shop.run('web --min 3')).toEqual({
    code: 1,
    stdout: '10.0.0.1\n10.0.0.2\n',
    stderr: critical('web: 2 addresses, fewer than the 3 that are needed'),
  });
  expect((await shop.run('web --min 2')).code).toBe(0);
});

test('--min counts addresses, not instances', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.1' }]);
  expect((await shop.run('web --min 2')).code).toBe(1);
});

test('--min 0 accepts that there is none', async () => {
  shop.group('web', []);
  expect(await shop.run('web --min 0')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await shop.run('nothing-* --min 0')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('a glob and a tag that match nothing are exit code 1, also when others found something', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  expect(await shop.run('web api-*')).toEqual({
    code: 1,
    stdout: '10.0.0.1\n',
    stderr: critical('api-*: no autoscaling group matches'),
  });
  expect(await shop.run('--tag env=prod')).toEqual({
    code: 1,
    stdout: '',
    stderr: critical('--tag env=prod: no autoscaling group has these tags'),
  });
});

test('an unknown group is exit code 2, and does not say that there is no address', async () => {
  const { code, stdout, stderr } = await shop.run('web');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe('devops: error: web: there is no autoscaling group of this name in eu-central-1\n');
});

test('it waits until there are enough, on the clock of the run', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  const place = shop.twin.region();
  shop.twin.clock.after(20, () => {
    const id = place.addInstance({ privateIp: '10.0.0.2', tags: { 'aws:autoscaling:groupName': 'web' } });
    place.group('web').members.push({ id, lifecycle: 'InService', health: 'Healthy', protectedFromScaleIn: false });
  });
  const { code, stdout, stderr } = await shop.run('web --wait-min 2');
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '10.0.0.1\n10.0.0.2\n', stderr: waiting(1, 2, '5m') });
  // At 0, 5, 12.5 and 23.75 s.
  expect(shop.operations().filter((name) => name === 'DescribeAutoScalingGroups')).toHaveLength(4);
});

test('when there are never enough it ends with exit code 1 and says how long it waited', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  expect(await shop.run('web --wait-min 2 --wait-timeout 2m')).toEqual({
    code: 1,
    stdout: '10.0.0.1\n',
    stderr: waiting(1, 2, '2m') + critical('web: 1 address after 2m, fewer than the 2 that are needed'),
  });
  expect(shop.twin.clock.monotonic()).toBe(120);
});

test('it waits five minutes unless told otherwise', async () => {
  shop.group('web', []);
  const { stderr } = await shop.run('web --wait-min 1');
  expect(stderr).toBe(waiting(0, 1, '5m') + critical('web: no address after 5m: the group has no instance'));
  expect((await shop.run('web --wait-min 1 -q')).stderr).not.toContain('waiting');
});

test('what cannot be asked is not waited for', async () => {
  shop.group('web', [{}]);
  const { code } = await shop.run('web nothing --wait-min 5');
  expect(code).toBe(2);
  expect(shop.twin.clock.monotonic()).toBe(0);
});

test('Ctrl-C ends the waiting', async () => {
  shop.group('web', []);
  const controller = new AbortController();
  const { Interruption } = await import('../../src/interruption.ts');
  const end = await shop.run('web --wait-min 1', {
    pause: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        controller.abort(new Interruption('SIGINT'));
      }),
    runtime: { interrupted: controller.signal },
  });
  expect(end).toEqual({ code: 130, stdout: '', stderr: waiting(0, 1, '5m') });
});

test('monitoring is told by the same judgement', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  const ok = await shop.run('web -o nagios');
  expect(ok).toMatchObject({ code: 0 });
  expect(ok.stdout).toContain('1 address');
  expect(await shop.run('web --min 2 -o nagios')).toMatchObject({ code: 2 });
  expect(await shop.run('nothing -o nagios')).toMatchObject({ code: 3 });
  const junit = await shop.run('web --min 2 -o junit');
  expect(junit.code).toBe(1);
  expect(junit.stdout).toContain('fewer than the 2 that are needed');
});

test('with --quiet only what is not well is told', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  expect(await shop.run('web -q')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect((await shop.run('web -q --min 2')).code).toBe(1);
  expect((await shop.run('web -q --template {ip}')).code).toBe(0);
});
