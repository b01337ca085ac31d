import { formatSize } from '../../lib/quantity/size.ts';
import type { Listener, NetworkInterface } from '../../lib/system/report-network.ts';
import type { SysinfoReport } from '../../lib/system/report.ts';
import { type Block, fold, meter, more, type Panel, plural, rows, wordsLine } from './layout.ts';

const shownInterfaces = 8;

export function networkBlock({ network }: SysinfoReport, panel: Panel): Block | undefined {
  if (network === undefined) return undefined;
  const { interfaces, listeners = [], tcp, conntrack } = network;
  const links = panel.detailed ? interfaces : interfaces.filter(isOfInterest);
  const { shown, rest } = fold(
    panel,
    links.toSorted((a, b) => interest(b) - interest(a)),
    shownInterfaces,
  );
  // In the order of the kernel, or they would change places in the live view.
  const ordered = links.filter((link) => shown.includes(link));
  const lines = rows(panel, ordered.map(interfaceCells), { right: [2, 3], cutEnd: [4] });
  lines.push(...more(panel, rest.length));
  if (tcp !== undefined) {
    lines.push(`  tcp ${tcp.established} established, ${tcp.time_wait} time-wait, ${tcp.close_wait} close-wait`);
  }
  for (const protocol of ['tcp', 'udp'] as const) {
    const ports = portsOf(listeners, protocol);
    if (ports.length > 0) lines.push(...wordsLine(panel, `listening on ${protocol}`, ports));
  }
  if (conntrack !== undefined && (panel.detailed || conntrack.used_pct >= 50)) {
    lines.push(...meter(panel, 'conntrack', 9, conntrack.used_pct, [`${conntrack.entries} of ${conntrack.limit}`]));
  }
  return { title: 'Network', lines };
}

function portsOf(listeners: readonly Listener[], protocol: Listener['protocol']): string[] {
  const ports = listeners.filter((each) => each.protocol === protocol).map(({ port }) => port);
  return [...new Set(ports)].toSorted((a, b) => a - b).map(String);
}

/** The loopback and what was never used say nothing. */
function isOfInterest({ name, state, received_bytes, sent_bytes }: NetworkInterface): boolean {
  return name !== 'lo' && (state === 'up' || received_bytes + sent_bytes > 0);
}

/** Trouble now before addresses of its own before trouble since boot before traffic: the many `veth` of containers come last. */
function interest(link: NetworkInterface): number {
  const trouble = (link.errors_per_second ?? 0) + (link.drops_per_second ?? 0) > 0 ? 1e40 : 0;
  const own = link.addresses.some((address) => !isLinkLocal(address)) ? 1e30 : 0;
  const past = link.receive_errors + link.send_errors > 0 ? 1e20 : 0;
  return trouble + own + past + (link.received_bytes_per_second ?? 0) + (link.sent_bytes_per_second ?? 0);
}

function interfaceCells(link: NetworkInterface): string[] {
  const rate = (value: number | undefined, direction: string) =>
    value === undefined ? '' : `${formatSize(value)}/s ${direction}`;
  const errors = link.receive_errors + link.send_errors;
  const drops = link.receive_drops + link.send_drops;
  const lost = [...(errors > 0 ? [plural(errors, 'error')] : []), ...(drops > 0 ? [plural(drops, 'drop')] : [])];
  const addresses = link.addresses.toSorted((a, b) => Number(isLinkLocal(a)) - Number(isLinkLocal(b)));
  return [
    link.name,
    link.state,
    rate(link.received_bytes_per_second, 'in'),
    rate(link.sent_bytes_per_second, 'out'),
    [...(lost.length === 0 ? [] : [`${lost.join(', ')} since boot`]), ...addresses].join('  '),
  ];
}

function isLinkLocal(address: string): boolean {
  return /^(?:fe80:|169\.254\.)/i.test(address);
}
