import { formatSize } from '../../lib/quantity/size.ts';
import type { NetworkInterface, SysinfoReport } from '../../lib/system/report.ts';
import { type Block, meter, type Panel, rows } from './layout.ts';

const shownPorts = 12;

export function networkBlock({ network }: SysinfoReport, panel: Panel): Block | undefined {
  if (network === undefined) return undefined;
  const lines = rows(
    panel,
    network.interfaces.filter(isOfInterest).map((each) => interfaceCells(each)),
  );
  const { listeners, tcp, conntrack } = network;
  if (tcp !== undefined) {
    lines.push(`  tcp ${tcp.established} established, ${tcp.time_wait} time-wait, ${tcp.close_wait} close-wait`);
  }
  if (listeners !== undefined && listeners.length > 0) {
    const ports = [...new Set(listeners.map(({ protocol, port }) => `${port}/${protocol}`))];
    const more = ports.length > shownPorts ? ` and ${ports.length - shownPorts} more` : '';
    lines.push(...rows(panel, [[`listening on ${ports.slice(0, shownPorts).join(' ')}${more}`]]));
  }
  if (conntrack !== undefined && conntrack.used_pct >= 50) {
    lines.push(meter(panel, 'conntrack', 9, conntrack.used_pct, `${conntrack.entries} of ${conntrack.limit}`));
  }
  return { title: 'Network', lines };
}

/** The loopback and what was never used say nothing. */
function isOfInterest({ name, state, received_bytes, sent_bytes }: NetworkInterface): boolean {
  return name !== 'lo' && (state === 'up' || received_bytes + sent_bytes > 0);
}

function interfaceCells(link: NetworkInterface): string[] {
  const rate = (value: number | undefined) => (value === undefined ? '' : `${formatSize(value)}/s`);
  const lost = link.receive_errors + link.send_errors;
  const dropped = link.receive_drops + link.send_drops;
  const trouble = [lost > 0 ? `${lost} errors` : '', dropped > 0 ? `${dropped} drops` : ''].filter(
    (word) => word !== '',
  );
  return [
    link.name,
    link.state,
    link.received_bytes_per_second === undefined ? '' : `in ${rate(link.received_bytes_per_second)}`,
    link.sent_bytes_per_second === undefined ? '' : `out ${rate(link.sent_bytes_per_second)}`,
    [...trouble, ...link.addresses].join(' '),
  ];
}
