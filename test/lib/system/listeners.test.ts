import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { formatIpv6, parseEnd, readSockets } from '../../../src/lib/system/listeners.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPsutil } from './peer.ts';

test.each([
  ['00000000:0016', '0.0.0.0', 22],
  ['0100007F:1F90', '127.0.0.1', 8080],
  ['00000000000000000000000000000000:FFFF', '::', 65_535],
  ['00000000000000000000000001000000:0050', '::1', 80],
  ['0000000000000000FFFF00000100007F:0050', '::ffff:127.0.0.1', 80],
  ['B80D0120000000000000000001000000:01BB', '2001:db8::1', 443],
])('%s is %s and port %i', (end, address, port) => {
  expect(parseEnd(end, 'LE')).toEqual({ address, port });
});

test('a big-endian kernel writes the bytes in their order', () => {
  expect(parseEnd('7F000001:1F90', 'BE').address).toBe('127.0.0.1');
  expect(parseEnd('20010DB8000000000000000000000001:01BB', 'BE').address).toBe('2001:db8::1');
});

test('addresses of IPv6 are written as the URL standard writes them', () => {
  const byte = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(byte, { minLength: 16, maxLength: 16 }), (bytes) => {
      const long = Array.from({ length: 8 }, (_, at) => (bytes[2 * at]! * 256 + bytes[2 * at + 1]!).toString(16)).join(
        ':',
      );
      // The URL standard has no dotted form for mapped addresses.
      fc.pre(!long.startsWith('0:0:0:0:0:ffff:'));
      expect(`[${formatIpv6(bytes)}]`).toBe(new URL(`http://[${long}]/`).hostname);
    }),
  );
});

const heading = '  sl  local_address rem_address   st\n';
const socket = (local: string, state: string): string => `   0: ${local} 00000000:0000 ${state} 0\n`;

test('the same port over IPv4 and IPv6 is two listeners', () => {
  const probe = fakeMachine({
    '/proc/net/tcp': heading + socket('00000000:0016', '0A'),
    '/proc/net/tcp6': `${heading}   0: ${'0'.repeat(32)}:0016 ${'0'.repeat(32)}:0000 0A 0\n`,
  });
  expect(readSockets(probe)).toEqual({
    listeners: [
      { protocol: 'tcp', address: '0.0.0.0', port: 22 },
      { protocol: 'tcp', address: '::', port: 22 },
    ],
    tcp: { established: 0, time_wait: 0, close_wait: 0, listen: 2, other: 0 },
  });
});

test('a table that cannot be read leaves the listeners of the others and no counts, and is an error', () => {
  const probe = fakeMachine({ '/proc/net/tcp': heading + socket('0100007F:0016', '0A'), '/proc/net/tcp6/folder': '' });
  expect(readSockets(probe)).toEqual({ listeners: [{ protocol: 'tcp', address: '127.0.0.1', port: 22 }] });
  expect(probe.errors).toMatchObject([{ section: 'network', subject: '/proc/net/tcp6' }]);
});

test('a kernel without tables has neither listeners nor counts', () => {
  expect(readSockets(fakeMachine({}))).toEqual({});
});

test('a server, a connection and an unconnected UDP socket of this process are found, as psutil finds them', async (context) => {
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer(accepted.resolve).listen(0, '127.0.0.1');
  const udp = createSocket('udp4').bind(0, '127.0.0.1');
  const connected = createSocket('udp4');
  await Promise.all([once(server, 'listening'), once(udp, 'listening')]);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = connect(port, '127.0.0.1');
  connected.connect(udp.address().port, '127.0.0.1');
  const [other] = await Promise.all([accepted.promise, once(client, 'connect'), once(connected, 'connect')]);
  onTestFinished(() => {
    for (const end of [client, other]) end.destroy();
    for (const end of [server, udp, connected]) end.close();
  });
  const probe = createProbe();
  const { listeners, tcp } = readSockets(probe);
  expect(probe.errors).toEqual([]);
  expect(listeners).toContainEqual({ protocol: 'tcp', address: '127.0.0.1', port });
  expect(listeners).toContainEqual({ protocol: 'udp', address: '127.0.0.1', port: udp.address().port });
  expect(listeners!.some((listener) => listener.port === connected.address().port)).toBe(false);
  expect(tcp!.established).toBeGreaterThanOrEqual(2);
  const theirs: string[] = JSON.parse(
    askPsutil(
      context,
      '[f"{c.laddr.ip} {c.laddr.port}" for c in psutil.net_connections("tcp") if c.status == "LISTEN"]',
    ),
  );
  const ours = listeners!
    .filter(({ protocol }) => protocol === 'tcp')
    .map((listener) => `${listener.address} ${listener.port}`);
  expect(new Set(ours)).toEqual(new Set(theirs));
});

const inUse = (tcp: number, tcp6: number, waiting: number): Record<string, string> => ({
  '/proc/net/sockstat': `sockets: used 9\nTCP: inuse ${tcp} orphan 0 tw ${waiting} alloc 9 mem 0\nUDP: inuse 0 mem 0\n`,
  '/proc/net/sockstat6': `TCP6: inuse ${tcp6}\nUDP6: inuse 0\n`,
});

test('a protocol without a socket is not walked through', () => {
  const probe = fakeMachine({
    ...inUse(1, 0, 0),
    '/proc/net/tcp': heading + socket('00000000:0016', '0A'),
    '/proc/net/tcp6/folder': '',
  });
  expect(readSockets(probe)).toMatchObject({ tcp: { listen: 1 } });
  expect(probe.errors).toEqual([]);
});

test('connections in time-wait are counted although no socket is in use', () => {
  const probe = fakeMachine({
    ...inUse(0, 0, 1),
    '/proc/net/tcp6': `${heading}   0: ${'0'.repeat(32)}:0016 ${'0'.repeat(32)}:0000 06 0\n`,
  });
  expect(readSockets(probe).tcp).toMatchObject({ time_wait: 1 });
});

test('sockets over several pages of the kernel are all seen', async () => {
  const servers = await Promise.all(
    Array.from({ length: 90 }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  onTestFinished(() => {
    for (const server of servers) server.close();
  });
  const ports = new Set(readSockets(createProbe()).listeners?.map(({ port }) => port));
  for (const server of servers) expect(ports).toContain((server.address() as AddressInfo).port);
});
