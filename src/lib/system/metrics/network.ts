import type { Gap } from '../../rules/reading.ts';
import type { NetworkInterface } from '../report-network.ts';
import type { SysinfoReport } from '../report.ts';
import { instancesOf } from './instance-metric.ts';
import { scalarsOf } from './scalar-metric.ts';
import { errorsOf, messageOf } from './system-metric.ts';
import type { SystemMetric } from './system-metric.ts';

/** Socket tables that could not be read: /proc/net/tcp, tcp6, udp, udp6. */
function unreadTables(report: SysinfoReport): Gap[] {
  return errorsOf(report, 'network').flatMap((error): Gap[] => {
    const protocol = /^\/proc\/net\/(tcp|udp)6?$/.exec(error.subject ?? '')?.[1];
    return protocol === undefined ? [] : [{ labels: { protocol }, message: messageOf(error) }];
  });
}

const perInterface = instancesOf({
  section: 'network',
  labels: ['interface'],
  items: ({ interfaces }) => interfaces,
  labelsOf: ({ name }) => ({ interface: name }),
  hidden: () => [],
});
const perListener = instancesOf({
  section: 'network',
  labels: ['port', 'protocol'],
  furtherLabels: ['address'],
  items: ({ listeners }) => listeners,
  absent: 'this kernel has no tables of sockets',
  labelsOf: ({ port, protocol, address }) => ({ port: String(port), protocol, address }),
  hidden: unreadTables,
  absentIsZero: true,
});
const perTcpState = instancesOf({
  section: 'network',
  labels: ['state'],
  items: ({ tcp }) => tcp && Object.entries(tcp),
  absent: 'this kernel has no tables of sockets',
  labelsOf: ([state]: [string, number]) => ({ state }),
  hidden: (report) =>
    unreadTables(report)
      .filter(({ labels }) => labels['protocol'] === 'tcp')
      .map(({ message }) => ({ labels: {}, message })),
});
const scalar = scalarsOf('network');
const sampled = { sampled: true } as const;

/** Undefined where the driver does not tell, as for lo and most tunnels. */
function isUp({ state }: NetworkInterface): boolean | undefined {
  return state === 'unknown' ? undefined : state === 'up';
}

function stateError({ name }: NetworkInterface, report: SysinfoReport): string | undefined {
  const error = errorsOf(report, 'network').find(({ subject }) => subject === `/sys/class/net/${name}/operstate`);
  return error && messageOf(error);
}

export const networkMetrics: readonly SystemMetric[] = [
  perInterface(
    'network.up',
    'boolean',
    'Whether the interface can carry traffic; only where the driver tells, so not for lo.',
    isUp,
    { failure: stateError },
  ),
  perInterface(
    'network.received_bytes_per_second',
    'bytes_per_second',
    'Bytes received.',
    (link) => link.received_bytes_per_second,
    sampled,
  ),
  perInterface(
    'network.sent_bytes_per_second',
    'bytes_per_second',
    'Bytes sent.',
    (link) => link.sent_bytes_per_second,
    sampled,
  ),
  perInterface(
    'network.errors_per_second',
    'per_second',
    'Errors in both directions.',
    (link) => link.errors_per_second,
    sampled,
  ),
  perInterface(
    'network.drops_per_second',
    'per_second',
    'Packets dropped in both directions.',
    (link) => link.drops_per_second,
    sampled,
  ),
  perInterface('network.receive_errors', 'count', 'Errors while receiving, since boot.', (link) => link.receive_errors),
  perInterface('network.send_errors', 'count', 'Errors while sending, since boot.', (link) => link.send_errors),
  perInterface(
    'network.receive_drops',
    'count',
    'Received packets that were dropped, since boot.',
    (link) => link.receive_drops,
  ),
  perInterface(
    'network.send_drops',
    'count',
    'Packets that were dropped instead of sent, since boot.',
    (link) => link.send_drops,
  ),
  perListener(
    'network.listening',
    'count',
    '1 for every socket that listens; 0 for a port on which nobody does.',
    () => 1,
  ),
  perTcpState(
    'network.tcp_connections',
    'count',
    'TCP sockets by state: established, time_wait, close_wait, listen, other.',
    ([, count]) => count,
  ),
  scalar(
    'network.conntrack_used_pct',
    'percent',
    'Fill of the connection tracking table; a full one drops new connections.',
    ({ conntrack }) => conntrack?.used_pct,
    {
      absent: 'this machine tracks no connections',
    },
  ),
];
