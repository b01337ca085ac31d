import { expect, test } from 'vitest';
import { useAsgShop } from './run-asg-ips.ts';

const shop = useAsgShop();

const lines = async (words: string) => {
  const { code, stdout, stderr } = await shop.run(words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').slice(0, -1);
};

test('the addresses of a group are one a line and nothing else, sorted as numbers', async () => {
  shop.group('web', [{ privateIp: '10.0.0.10' }, { privateIp: '10.0.0.9' }, { privateIp: '9.255.0.1' }]);
  expect(await shop.run('web')).toEqual({ code: 0, stdout: '9.255.0.1\n10.0.0.9\n10.0.0.10\n', stderr: '' });
});

test('groups and instances are asked with one question each', async () => {
  shop.group('web', [{}, {}]);
  await lines('web');
  expect(shop.operations()).toEqual(['DescribeAutoScalingGroups', 'DescribeInstances']);
});

test('an address that two instances have is printed once, and -l shows both', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  shop.group('api', [{ privateIp: '10.0.0.1' }]);
  expect(await lines('web api web')).toEqual(['10.0.0.1']);
  expect(await lines('web api -l')).toHaveLength(2);
});

test('an instance without IPv4 is kept with its IPv6 address, behind those with IPv4', async () => {
  shop.group('web', [
    { privateIp: null, ipv6: ['2001:db8::b', '2001:db8::c'] },
    { privateIp: null, ipv6: ['2001:db8::a'] },
    { privateIp: '10.0.0.1' },
  ]);
  expect(await lines('web')).toEqual(['10.0.0.1', '2001:db8::a', '2001:db8::b']);
});

test('every kind of address of an instance with two interfaces', async () => {
  shop.group('web', [
    {
      privateIp: '10.0.0.1',
      secondaryIps: ['10.0.0.2'],
      elasticIp: '198.51.100.1',
      ipv6: ['2001:db8::1'],
      moreInterfaces: [{ privateIps: ['10.1.0.1', '10.1.0.2'], publicIp: '198.51.100.2', ipv6: ['2001:db8:1::1'] }],
    },
  ]);
  expect(await lines('web --ip private')).toEqual(['10.0.0.1']);
  expect(await lines('web --ip public')).toEqual(['198.51.100.1']);
  expect(await lines('web --ip ipv6')).toEqual(['2001:db8::1']);
  expect(await lines('web --ip all')).toEqual([
    '10.0.0.1',
    '10.0.0.2',
    '10.1.0.1',
    '10.1.0.2',
    '198.51.100.1',
    '198.51.100.2',
    '2001:db8::1',
    '2001:db8:1::1',
  ]);
});

test('an instance without the address that was asked for is told on stderr', async () => {
  const [, lacking] = shop.group('web', [{ publicIp: '198.51.100.1' }, {}]);
  expect(await shop.run('web --ip public')).toEqual({
    code: 0,
    stdout: '198.51.100.1\n',
    stderr: `devops: 1 instance has no public IPv4 address: ${lacking}\n`,
  });
});

test('many instances without it are told with ten of their ids', async () => {
  shop.group('web', [...Array.from({ length: 13 }, () => ({})), { publicIp: '198.51.100.1' }]);
  const { stderr } = await shop.run('web --ip public');
  expect(stderr).toMatch(/^devops: 13 instances have no public IPv4 address: (?:i-\w+, ){9}i-\w+ and 3 more\n$/);
});

test('members that are not in service, and instances that do not run, are left out unless they are asked for', async () => {
  const ids = shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.2' }, { privateIp: '10.0.0.3' }]);
  const { members } = shop.twin.region().group('web');
  members[1]!.lifecycle = 'Standby';
  shop.twin.region().instance(ids[2]!).state = 'stopped';
  expect(await lines('web')).toEqual(['10.0.0.1']);
  expect(await lines('web --lifecycle standby')).toEqual(['10.0.0.2']);
  expect(await lines('web --lifecycle InService,Standby')).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(await lines('web --lifecycle all --state all')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  expect(await lines('web --state stopped')).toEqual(['10.0.0.3']);
});

test('unhealthy members are listed, unless only healthy ones are asked for', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.2' }]);
  shop.twin.region().group('web').members[0]!.health = 'Unhealthy';
  expect(await lines('web')).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(await lines('web --health healthy')).toEqual(['10.0.0.2']);
  expect(await lines('web --health Unhealthy')).toEqual(['10.0.0.1']);
});

test('only the zones that were asked for', async () => {
  shop.group('web', [
    { privateIp: '10.0.0.1', zone: 'eu-central-1a' },
    { privateIp: '10.0.0.2', zone: 'eu-central-1b' },
    { privateIp: '10.0.0.3', zone: 'eu-central-1c' },
  ]);
  expect(await lines('web --az eu-central-1c,eu-central-1a')).toEqual(['10.0.0.1', '10.0.0.3']);
});

test('a glob is matched with every group, letter by letter', async () => {
  shop.group('web-a', [{ privateIp: '10.0.0.1' }]);
  shop.group('web-b', [{ privateIp: '10.0.0.2' }]);
  shop.group('Web-c', [{ privateIp: '10.0.0.3' }]);
  shop.group('api', [{ privateIp: '10.0.0.4' }]);
  expect(await lines('web-*')).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(await lines('web-? api')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.4']);
});

test('a group whose name has a glob in it is not taken for others by EC2', async () => {
  shop.group('we*', [{ privateIp: '10.0.0.1' }]);
  shop.group(String.raw`a\b`, [{ privateIp: '10.0.0.3' }]);
  shop.group('web', [{ privateIp: '10.0.0.2' }]);
  expect(await lines('we?')).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(await lines(String.raw`a\b`)).toEqual(['10.0.0.3']);
  const asked = shop.twin.calls.flatMap(({ parameters }) => parameters['Filter.1.Value.1'] ?? []);
  expect(asked).toContain(String.raw`we\*`);
});

test('groups are chosen by their tags, of which all must hold and of one key any value', async () => {
  const place = shop.twin.region();
  const member = (privateIp: string) => [place.addInstance({ privateIp })];
  place.addGroup({ name: 'one', members: member('10.0.0.1'), tags: { env: 'prod', role: 'web' } });
  place.addGroup({ name: 'two', members: member('10.0.0.2'), tags: { env: 'stage', role: 'web' } });
  place.addGroup({ name: 'three', members: member('10.0.0.3'), tags: { env: 'prod', role: 'db', extra: '' } });
  expect(await lines('--tag env=prod')).toEqual(['10.0.0.1', '10.0.0.3']);
  expect(await lines('--tag env=prod --tag role=web')).toEqual(['10.0.0.1']);
  expect(await lines('--tag env=prod --tag env=stage')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  expect(await lines('--tag env=st*')).toEqual(['10.0.0.2']);
  expect(await lines('--tag role')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  expect(await lines('--tag extra=')).toEqual(['10.0.0.3']);
  expect(await lines('t* --tag env=prod')).toEqual(['10.0.0.3']);
});

test('101 names are all asked for', async () => {
  const names = Array.from({ length: 101 }, (_, index) => `group-${index}`);
  for (const [index, name] of names.entries()) shop.group(name, [{ privateIp: `10.0.1.${index}` }]);
  expect(await lines(names.join(' '))).toHaveLength(101);
});

test('what EC2 shows with the tag of a group that has it no longer is not listed', async () => {
  const ids = shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.2' }]);
  const { members } = shop.twin.region().group('web');
  members.splice(
    members.findIndex(({ id }) => id === ids[0]),
    1,
  );
  expect(await lines('web')).toEqual(['10.0.0.2']);
});

test('a member that EC2 does not show yet is asked for once more', async () => {
  const ids = shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.2' }]);
  const instance = shop.twin.region().instance(ids[0]!);
  instance.tags.delete('aws:autoscaling:groupName');
  expect(await lines('web')).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(shop.operations().filter((name) => name === 'DescribeInstances')).toHaveLength(2);
});

test('a member that EC2 does not know at all is an error beside the others', async () => {
  const ids = shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.2' }]);
  shop.twin.region().forgetInstance(ids[0]!);
  expect(await shop.run('web')).toEqual({
    code: 2,
    stdout: '10.0.0.2\n',
    stderr:
      `devops: error: ${ids[0]}: its group has it, but EC2 in eu-central-1 does not know it\n` +
      'devops: hint: it may be new, or gone just now: try again\n',
  });
});

test('several regions in one call; the same name in two of them is fine', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  shop.group('web', [{ privateIp: '10.1.0.1' }], 'eu-west-1');
  shop.group('api', [{ privateIp: '10.1.0.2' }], 'eu-west-1');
  expect(await lines('web api --region eu-central-1,eu-west-1')).toEqual(['10.0.0.1', '10.1.0.1', '10.1.0.2']);
  expect(await lines('web --region all')).toEqual(['10.0.0.1', '10.1.0.1']);
});

test('a region that fails is an error beside what the others say', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  shop.twin.region('eu-west-1').deny('DescribeAutoScalingGroups');
  const { code, stdout, stderr } = await shop.run('web --region eu-west-1,eu-central-1');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '10.0.0.1\n' });
  expect(stderr).toMatch(/^devops: error: eu-west-1: (?!eu-west-1)/);
});

test('a group that does not exist is an error with the nearest name, beside the others', async () => {
  shop.group('web-prod', [{ privateIp: '10.0.0.1' }]);
  expect(await shop.run('web-prod web-prd')).toEqual({
    code: 2,
    stdout: '10.0.0.1\n',
    stderr:
      'devops: error: web-prd: there is no autoscaling group of this name in eu-central-1\n' +
      "devops: hint: did you mean 'web-prod'?\n",
  });
});

test('a group that exists and has no such tag is told so', async () => {
  shop.group('web', [{}]);
  shop.twin.region().addGroup({ name: 'api', desired: 1, tags: { env: 'prod' } });
  const { code, stderr } = await shop.run('web --tag env=prod');
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'devops: error: web: the group does not have the tags of --tag\n',
  });
});

test('without a name it fails and tells the names that there are', async () => {
  shop.group('web', []);
  shop.group('api', []);
  expect(await shop.run([])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'devops: error: no autoscaling group was named\n' +
      'devops: hint: groups: api, web\n' +
      "devops: hint: name some, or use a glob such as 'web-*', or --tag KEY=VALUE\n",
  });
  const { stderr } = await shop.run('--region all');
  expect(stderr).toContain('devops: hint: groups in eu-central-1: api, web\n');
  expect(stderr).toContain('devops: hint: there is no autoscaling group in eu-west-1\n');
});

test('of very many names without a name only the first are told', async () => {
  for (let index = 0; index < 120; index++) shop.group(`g${String(index).padStart(3, '0')}`, []);
  const { stderr } = await shop.run([]);
  expect(stderr).toContain(', g039 and 80 more\n');
});
