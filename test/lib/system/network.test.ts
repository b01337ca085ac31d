import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { networkSection, parseNetDev, readNetworkCounters } from '../../../src/lib/system/network.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPsutil } from './peer.ts';

const heading = 'Inter-|   Receive  |  Transmit\n face |bytes  |bytes\n';
const line = (name: string, bytes: number): string => `${name}: ${bytes} 10 1 2 0 0 0 0 ${2 * bytes} 20 3 4 0 0 0 0\n`;
const device = (name: string, bytes: number): ReturnType<typeof parseNetDev> =>
  parseNetDev(heading + line(name, bytes));

test('names with colons and counters that touch their name are split right', () => {
  const text = `${heading}eth0:12345678901234567890 1 0 0 0 0 0 0 2 2 0 0 0 0 0 0\n  eth0:1:5 1 0 0 0 0 0 0 6 2 0 0 0 0 0 0\n`;
  const counters = parseNetDev(text);
  expect([...counters.keys()]).toEqual(['eth0', 'eth0:1']);
  expect(counters.get('eth0')).toMatchObject({ received_bytes: Number('12345678901234567890'), sent_bytes: 2 });
  expect(counters.get('eth0:1')).toMatchObject({ received_bytes: 5, sent_bytes: 6 });
});

test.each([
  '',
  'garbage',
  `${heading}eth0: 1 2 3\n`,
  `${heading}eth0 1 2 3\n`,
  `${heading}eth0: a b c d e f g h i j k l m n o p\n`,
])('the text %j is an error and no interface', (text) => {
  expect(() => parseNetDev(text)).toThrow(SyntaxError);
});

test('rates are those between the two looks, errors and drops in both directions', () => {
  const first = parseNetDev(`${heading}eth0: 100 1 1 2 0 0 0 0 100 1 3 4 0 0 0 0\n`);
  const second = parseNetDev(`${heading}eth0: 300 1 2 4 0 0 0 0 200 1 5 4 0 0 0 0\n`);
  expect(networkSection(fakeMachine({}), first, second, 0.5, {}).interfaces).toMatchObject([
    { received_bytes_per_second: 400, sent_bytes_per_second: 200, errors_per_second: 6, drops_per_second: 4 },
  ]);
});

test.each([
  ['is new', new Map(), device('eth0', 5), 1],
  ['was made anew', device('eth0', 50), device('eth0', 5), 1],
  ['was looked at once', device('eth0', 5), undefined, 0],
])('an interface that %s has totals and no rates', (_, first, second, seconds) => {
  const [found] = networkSection(fakeMachine({}), first, second, seconds, {}).interfaces;
  expect(found).toMatchObject({ name: 'eth0', received_bytes: 5 });
  expect(Object.keys(found!).filter((key) => key.endsWith('_per_second'))).toEqual([]);
});

test.each(['-1', '4294967295', '0', 'x', ''])('a speed of "%s" is none', (speed) => {
  const probe = fakeMachine({ '/sys/class/net/eth0/speed': `${speed}\n` });
  expect(networkSection(probe, device('eth0', 1), undefined, 0, {}).interfaces[0]).not.toHaveProperty(
    'speed_bits_per_second',
  );
});

test('a speed is told in bits a second, and an address of zeros is none', () => {
  const probe = fakeMachine({
    '/sys/class/net/eth0/speed': '2500\n',
    '/sys/class/net/eth0/operstate': 'dormant\n',
    '/sys/class/net/eth0/address': '00:00:00:00:00:00\n',
    '/sys/class/net/eth0/mtu': '9000\n',
  });
  const [found] = networkSection(probe, device('eth0', 1), undefined, 0, {}).interfaces;
  expect(found).toMatchObject({ state: 'dormant', mtu: 9000, speed_bits_per_second: 2.5e9 });
  expect(found).not.toHaveProperty('mac');
});

const address = (cidr: string | null) =>
  ({ address: '10.0.0.1', netmask: '', mac: '', internal: false, family: 'IPv4', cidr }) as const;

test('an address with a label belongs to its interface', () => {
  const addresses = { eth0: [address('10.0.0.1/24')], 'eth0:web': [address('10.0.0.2/24'), address(null)], eth1: [] };
  expect(networkSection(fakeMachine({}), device('eth0', 1), undefined, 0, addresses).interfaces[0]!.addresses).toEqual([
    '10.0.0.1/24',
    '10.0.0.2/24',
    '10.0.0.1',
  ]);
});

const conntrack = (entries: string, limit: string): unknown => {
  const folder = '/proc/sys/net/netfilter';
  const probe = fakeMachine({ [`${folder}/nf_conntrack_count`]: entries, [`${folder}/nf_conntrack_max`]: limit });
  return networkSection(probe, new Map(), undefined, 0, {}).conntrack;
};

test('a table of connections without a limit has no fill', () => {
  expect(conntrack('50\n', '200\n')).toEqual({ entries: 50, limit: 200, used_pct: 25 });
  expect(conntrack('50\n', '0\n')).toBeUndefined();
  expect(conntrack('50\n', 'x\n')).toBeUndefined();
});

test('the interfaces of this machine have the counts that psutil finds and the addresses that Node finds', (context) => {
  const probe = createProbe();
  const before = readNetworkCounters(probe)!;
  const peer: [Record<string, Record<string, number>>, Record<string, { mtu: number }>] = JSON.parse(
    askPsutil(
      context,
      '[{k: v._asdict() for k, v in psutil.net_io_counters(pernic=True, nowrap=False).items()}, {k: v._asdict() for k, v in psutil.net_if_stats().items()}]',
    ),
  );
  const after = readNetworkCounters(probe)!;
  const { interfaces } = networkSection(probe, before, after, 1, networkInterfaces());
  expect(probe.errors).toEqual([]);
  expect(interfaces.map(({ name }) => name).toSorted()).toEqual(Object.keys(peer[0]).toSorted());
  for (const found of interfaces) {
    expect(peer[0][found.name]!['bytes_recv']).toBeGreaterThanOrEqual(before.get(found.name)!.received_bytes);
    expect(peer[0][found.name]!['bytes_recv']).toBeLessThanOrEqual(found.received_bytes);
    expect(found.mtu).toBe(peer[1][found.name]!.mtu);
    expect(found.addresses).toEqual((networkInterfaces()[found.name] ?? []).map(({ cidr }) => cidr));
  }
});
