import type { Metric } from '../../results/metric.ts';
import type { NetworkInterface, NetworkSection } from '../report-network.ts';
import type { SectionError } from '../report.ts';
import { counter, gauge } from './series.ts';

/** Collectors netdev, netclass and conntrack of node_exporter. */
export function* networkMetrics(
  { interfaces, conntrack }: NetworkSection,
  errors: readonly SectionError[],
): Generator<Metric> {
  for (const link of interfaces) {
    yield* statistics(link);
    yield* properties(link, errors);
  }
  yield* gauge(
    'node_nf_conntrack_entries',
    'Number of currently allocated flow entries for connection tracking.',
    conntrack?.entries,
  );
  yield* gauge('node_nf_conntrack_entries_limit', 'Maximum size of connection tracking table.', conntrack?.limit);
}

function* statistics(link: NetworkInterface): Generator<Metric> {
  const values: Readonly<Record<string, number>> = {
    receive_bytes: link.received_bytes,
    receive_packets: link.received_packets,
    receive_errs: link.receive_errors,
    receive_drop: link.receive_drops,
    transmit_bytes: link.sent_bytes,
    transmit_packets: link.sent_packets,
    transmit_errs: link.send_errors,
    transmit_drop: link.send_drops,
  };
  for (const [name, value] of Object.entries(values)) {
    yield* counter(`node_network_${name}_total`, `Network device statistic ${name}.`, value, { device: link.name });
  }
}

function* properties(
  { name, state, mtu, speed_bits_per_second: speed }: NetworkInterface,
  errors: readonly SectionError[],
): Generator<Metric> {
  const labels = { device: name };
  const isRead = mtu !== undefined && !errors.some(({ subject }) => subject === `/sys/class/net/${name}/operstate`);
  yield* gauge(
    'node_network_up',
    "Value is 1 if operstate is 'up', 0 otherwise.",
    // `unknown` is what the driver of lo says, and also what stands for a state that nobody could read.
    state === 'unknown' && !isRead ? undefined : state === 'up',
    labels,
  );
  yield* gauge('node_network_mtu_bytes', 'Network device property: mtu_bytes', mtu, labels);
  yield* gauge('node_network_speed_bytes', 'Network device property: speed_bytes', speed && speed / 8, labels);
}
