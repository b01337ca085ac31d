import { expect, test } from 'vitest';
import type { InstanceOptions } from '../support/aws-twin/instance.ts';
import { useAsgShop } from './run-asg-ips.ts';

const shop = useAsgShop();
const onScreen = { terminalColumns: 160, env: { NO_COLOR: '1' } };
/** Not written as an escape before a digit, which would be another character. */
const nul = String.fromCodePoint(0);
const launchTime = new Date('2026-11-20T17:00:00Z');

test('-0 ends every address with NUL', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.2' }]);
  expect((await shop.run('web -0')).stdout).toBe(`10.0.0.1${nul}10.0.0.2${nul}`);
});

test('-l is a table for a person, and the plain values for a program', async () => {
  const [id] = shop.group('web', [{ privateIp: '10.0.0.1', launchTime, name: 'one', zone: 'eu-central-1a' }]);
  const { stdout } = await shop.run('web -l');
  expect(stdout.split('\t').slice(0, 12)).toEqual([
    '10.0.0.1',
    id,
    'eu-central-1a',
    'running',
    'InService',
    'Healthy',
    't3.micro',
    '3600',
    'web',
    'eu-central-1',
    'one',
    'private',
  ]);
  const screen = await shop.run('web -l', onScreen);
  expect(screen.stdout.split('\n')[0]).toMatch(/^IP +ID +AZ +STATE +HEALTH +TYPE +AGE +GROUP +NAME *$/i);
  expect(screen.stdout).toMatch(/ 1h +web +one/);
  const several = await shop.run('web -l --region eu-central-1,eu-west-1', onScreen);
  expect(several.stdout.split('\n')[0]).toMatch(/GROUP +REGION +NAME *$/i);
});

test('-l shows the state in the group where there may be several', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  const { stdout } = await shop.run('web -l --lifecycle all', onScreen);
  expect(stdout).toMatch(/ STATE +LIFECYCLE +HEALTH .*\n.* running +InService +Healthy /);
});

test.for<[string, string, InstanceOptions]>([
  ['web', 'an IPv4 one', { privateIp: '10.100.200.231', type: 'm6idn.16xlarge' }],
  ['web --ip ipv6', 'an IPv6 one', { ipv6: ['2a05:d014:e5d:3c01:1234:5678:9abc:def0'] }],
  ['web --lifecycle all --region eu-central-1,eu-west-1', 'one of several', { privateIp: '10.100.200.231' }],
])('-l on 80 columns keeps address and id whole: %s', async ([words, , member]) => {
  const [id] = shop.group('web', [{ ...member, name: 'a-long-name-of-an-instance' }]);
  const { stdout } = await shop.run(`${words} -l`, { ...onScreen, terminalColumns: 80 });
  const [header, row] = stdout.split('\n') as [string, string];
  expect(row).toContain(`${member.ipv6?.[0] ?? member.privateIp}  ${id}  `);
  expect(header.length).toBeLessThanOrEqual(80);
  expect(row.length).toBeLessThanOrEqual(80);
});

test.each(['--region', '--profile', '--role-arn', '--endpoint-url'])(
  '%s without a value is refused',
  async (option) => {
    const { code, stdout } = await shop.run(['web', option, '']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(shop.twin.calls).toEqual([]);
  },
);

test('a record has every field that is known', async () => {
  const [id] = shop.group('web', [
    { privateIp: '10.0.0.1', publicIp: '198.51.100.1', ipv6: ['2001:db8::1'], launchTime, name: 'one' },
  ]);
  expect(await shop.records('web')).toEqual([
    {
      schema: 'devops.asg-ips/1',
      ip: '10.0.0.1',
      kind: 'private',
      id,
      group: 'web',
      region: 'eu-central-1',
      account: '111122223333',
      az: 'eu-central-1a',
      type: 't3.micro',
      state: 'running',
      lifecycle: 'InService',
      health: 'Healthy',
      name: 'one',
      private_ip: '10.0.0.1',
      public_ip: '198.51.100.1',
      ipv6: '2001:db8::1',
      launched: '2026-11-20T17:00:00Z',
      age_seconds: 3600,
    },
  ]);
});

test('what an instance does not have is absent from its record', async () => {
  shop.group('web', [{ privateIp: null, ipv6: ['2001:db8::1'] }]);
  const [record] = await shop.records('web');
  expect(record).toMatchObject({ ip: '2001:db8::1', kind: 'ipv6' });
  expect(Object.keys(record!)).not.toEqual(expect.arrayContaining(['name']));
  for (const field of ['private_ip', 'public_ip', 'profile', 'name']) expect(record).not.toHaveProperty(field);
});

test('every address of an instance is a record with its kind', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1', elasticIp: '198.51.100.1', ipv6: ['2001:db8::1'] }]);
  const records = await shop.records('web --ip all');
  expect(records.map(({ ip, kind }) => [ip, kind])).toEqual([
    ['10.0.0.1', 'private'],
    ['198.51.100.1', 'public'],
    ['2001:db8::1', 'ipv6'],
  ]);
});

test('jsonl, csv and yaml', async () => {
  shop.group('web', [{ privateIp: '10.0.0.2' }, { privateIp: '10.0.0.1' }]);
  const jsonl = await shop.run('web -o jsonl');
  expect(
    jsonl.stdout
      .split('\n')
      .slice(0, 2)
      .map((line) => (JSON.parse(line) as { ip: string }).ip),
  ).toEqual(['10.0.0.1', '10.0.0.2']);
  const csv = await shop.run('web -o csv');
  expect(csv.stdout).toMatch(/^ip,id,az,state,lifecycle,health,type,age,group,region,name,kind,.*\n10\.0\.0\.1,i-/);
  expect((await shop.run('web -o yaml')).stdout).toMatch(/^- schema: devops\.asg-ips\/1\n {2}ip: 10\.0\.0\.1\n/);
});

test('a failed region is a record beside the others in json', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  const { code, stdout } = await shop.run('web nothing -o json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({ ip: '10.0.0.1' }),
    {
      subject: 'nothing',
      error: { code: 'not-found', message: 'there is no autoscaling group of this name in eu-central-1' },
    },
  ]);
});

test('a template makes the lines of /etc/hosts', async () => {
  const ids = shop.group('web', [
    { privateIp: '10.0.0.2', zone: 'eu-central-1b' },
    { privateIp: '10.0.0.1', zone: 'eu-central-1a' },
  ]);
  const { stdout } = await shop.run(['web', '--template', '{ip} {id} # {az}']);
  expect(stdout).toBe(`10.0.0.1 ${ids[1]} # eu-central-1a\n10.0.0.2 ${ids[0]} # eu-central-1b\n`);
  const { stdout: separated } = await shop.run(['web', '-0', '--template', '{az}']);
  expect(separated).toBe('eu-central-1a\0eu-central-1b\0');
});

test('a hostile tag adds no line to a file', async () => {
  shop.group('web', [
    { privateIp: '10.0.0.1', name: 'a\n6.6.6.6 bank.example', tags: { role: '\u2028\u001B[2J\r\n</x>&"\'' } },
  ]);
  const { stdout } = await shop.run(['web', '--template', '{ip} {name} {tag:role}']);
  expect(stdout).toBe(String.raw`10.0.0.1 a\n6.6.6.6 bank.example \u2028\x1b[2J\x0d\n</x>&"'` + '\n');
  const long = await shop.run('web -l');
  expect(long.stdout.split('\n')).toHaveLength(2);
});

test('only the tags that are needed are kept, and lines that are equal are printed once', async () => {
  shop.group('web', [{ tags: { role: 'a' } }, { tags: { role: 'a' } }, { tags: { role: 'b' } }]);
  expect((await shop.run(['web', '--template', '{tag:role}'])).stdout.split('\n').toSorted()).toEqual(['', 'a', 'b']);
});

test('-o ansible is an inventory with a group for each autoscaling group', async () => {
  const [web] = shop.group('web-1.prod', [{ privateIp: '10.0.0.1', name: 'one' }]);
  const [api] = shop.group('2nd', [{ privateIp: '10.0.0.2', name: "{{ lookup('pipe', 'id') }}" }]);
  const { stdout, code } = await shop.run('web-1.prod 2nd -o ansible');
  expect(code).toBe(0);
  const { all } = JSON.parse(stdout) as {
    all: { children: Record<string, { hosts: Record<string, Record<string, string>> }> };
  };
  expect(Object.keys(all.children)).toEqual(['web_1_prod', 'asg_2nd']);
  expect(all.children['web_1_prod']!.hosts[web!]).toMatchObject({
    ansible_host: '10.0.0.1',
    asg: 'web-1.prod',
    instance_name: 'one',
    region: 'eu-central-1',
  });
  // Ansible would run it.
  expect(all.children['asg_2nd']!.hosts[api!]).not.toHaveProperty('instance_name');
});

test('-o file_sd are the targets for Prometheus, with the port', async () => {
  const [id] = shop.group('web', [
    { privateIp: null, ipv6: ['2001:db8::1'] },
    { privateIp: '10.0.0.1', name: 'one' },
  ]);
  const { stdout } = await shop.run('web -o file_sd --port 9100');
  const targets = JSON.parse(stdout) as { targets: string[]; labels: Record<string, string> }[];
  expect(targets.map((entry) => entry.targets)).toEqual([['10.0.0.1:9100'], ['[2001:db8::1]:9100']]);
  expect(targets[0]!.labels).toMatchObject({ asg: 'web', region: 'eu-central-1', name: 'one' });
  expect(targets[1]!.labels).toEqual({
    asg: 'web',
    instance_id: id,
    instance_type: 't3.micro',
    az: 'eu-central-1a',
    region: 'eu-central-1',
    account: '111122223333',
  });
  expect(JSON.parse((await shop.run('web -o file_sd')).stdout)).toMatchObject([
    { targets: ['10.0.0.1'] },
    { targets: ['[2001:db8::1]'] },
  ]);
});

test('without an address these formats are empty documents', async () => {
  shop.group('web', []);
  expect((await shop.run('web -o file_sd')).stdout).toBe('[]\n');
  expect(JSON.parse((await shop.run('web -o ansible')).stdout)).toEqual({ all: { children: {} } });
});

test('a report beside the lines has the records', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1', name: 'one' }]);
  const { stdout, code } = await shop.run('web --report json=r.json --report junit=r.xml');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '10.0.0.1\n' });
  const { readFileSync } = await import('node:fs');
  expect(JSON.parse(readFileSync(`${shop.folder}/r.json`, 'utf8'))).toMatchObject([{ ip: '10.0.0.1', name: 'one' }]);
  expect(readFileSync(`${shop.folder}/r.xml`, 'utf8')).toContain('tests="1"');
});

test.each([
  ['web -l -0', '--long and -0 are two forms of the same answer'],
  ['web -l --template {ip}', '--long and --template are two forms of the same answer'],
  ['web --wait-timeout 5m', '--wait-timeout has nothing to wait for without --wait-min'],
  ['web --region eu-west-1,', "option '--region': there is an empty name between the commas"],
  ['web --port 80', '--port has no meaning without -o file_sd'],
  ['web --role-arn web', "option '--role-arn': this is no ARN of a role"],
  ['web --on-change true', '--on-change has no file that could change without --write'],
  ['web --template {ipp}', "option '--template': column 2: there is no field 'ipp'"],
  ['web --ip v4', "option '--ip': 'v4' is no kind of address"],
  ['web --lifecycle InServic', "option '--lifecycle': 'InServic' is no state in a group"],
  ['web --state runing', "option '--state': 'runing' is no state of an instance"],
  ['web --health good', "option '--health': 'good' is no health"],
  ['web --az eu-central-1a,', "option '--az': there is an empty zone"],
  ['web --tag =x', "option '--tag': '=x', column 1: there is no key"],
  ['web --min -1', "option '--min': '-1' is not a whole number"],
  ['web --port 65536', "option '--port': '65536' is not a number from 1 to 65535"],
  ['web -o hosts', "unknown format 'hosts'"],
])('%s is a usage error, and nothing is asked', async (words, message) => {
  const { code, stdout, stderr } = await shop.run(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`devops: error: ${message}`);
  expect(shop.operations()).toEqual([]);
});

test.each([
  ['web -o jsonl --template {ip}', '--template makes text of the addresses: it has no meaning with this --output'],
  ['web -o jsonl -0', '-0 makes text of the addresses: it has no meaning with this --output'],
  ['web -o jsonl -q -0 --write x', '-0 makes text of the addresses: it has no meaning with this --output'],
])('%s is a usage error in the words of that format', async (words, message) => {
  const { code, stderr } = await shop.run(words);
  expect({ code, error: (JSON.parse(stderr) as { error: unknown }).error }).toEqual({
    code: 2,
    error: { code: 'usage', message },
  });
  expect(shop.operations()).toEqual([]);
});
