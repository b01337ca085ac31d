import type { BenchRequest } from '../harness.ts';
import { environment } from '../harness.ts';
import { median } from '../median.ts';
import { measureRounds, type Measured } from '../rounds.ts';
import { allClients, type Client, type ConcurrentPeers } from './clients.ts';
import type { Rig } from './rig.ts';
import { bar, figure, mebibytes, type Section } from './sections.ts';

const header = ['command', 'endpoints', 'CPU ms each', 'ratio', 'min..max', 'wall ms each', 'ratio', 'peak RSS', 'bar'];

/**
 * What an endpoint costs each client, the start of its process included. Those that start a process for each endpoint
 * are measured on a sample. Ratios are theirs over that of devops, the bar is on its inverse.
 */
export async function cpuPerEndpoint(
  request: BenchRequest,
  rig: Rig,
  peers: ConcurrentPeers,
  { endpoints, sample }: { endpoints: number; sample: number },
): Promise<Section> {
  const clients = allClients(rig, peers, rig.estate.endpoints.slice(0, endpoints), sample);
  const measured = await measureRounds(
    clients.map(({ row }) => row),
    {
      runs: request.runs,
      env: environment,
      gnuTime: rig.gnuTime,
      signal: request.signal,
      onRound: (round) => process.stderr.write(`CPU per endpoint: round ${round} of ${request.runs}\n`),
    },
  );
  const base = costs(measured[0]!, clients[0]!);
  return {
    title: `CPU per endpoint, ${endpoints} endpoints`,
    facts: [
      `medians of ${request.runs} interleaved rounds after a warm-up round, output to /dev/null; CPU is user + system time with all children, start included`,
      'ratios are to devops; the bar is that of the issue: CPU of devops over that of the other',
      'each endpoint has an address, an ECDSA P-256 key and a certificate of its own under one intermediate; TLS 1.3 with default settings, no session is resumed',
    ],
    header,
    rows: measured.map((one, index) => [one.row.name, ...cells(one, clients[index]!, base)]),
    notes: [
      ...measured.flatMap(({ row }) => ('version' in row ? [`${row.name}: ${row.version}`] : [])),
      ...measured.flatMap((one) =>
        'failed' in one
          ? [`stderr of ${one.row.name}: ${one.failed.stderr.trim().split('\n').slice(0, 3).join(' / ')}`]
          : [],
      ),
    ],
    failed: measured.some((one) => 'failed' in one),
  };
}

interface Costs {
  /** Milliseconds for an endpoint, each run. */
  cpu: number[];
  wall: number[];
}

function costs(measured: Measured, { endpoints }: Client): Costs | undefined {
  if (!('cpuSeconds' in measured)) return undefined;
  const each = (seconds: number) => (seconds * 1000) / endpoints;
  return { cpu: measured.cpuSeconds.map(each), wall: measured.wallSeconds.map(each) };
}

/** The cells after the name: one sentence when there are no figures. */
function cells(measured: Measured, client: Client, base: Costs | undefined): string[] {
  if ('failed' in measured) return [`FAILED: ${measured.failed.reason}`];
  const own = costs(measured, client);
  if (!('cpuSeconds' in measured) || own === undefined) {
    return [`missing: ${'missing' in measured.row ? measured.row.missing : 'no figures'}`];
  }
  const cpu = median(own.cpu);
  const wall = median(own.wall);
  const baseCpu = base === undefined ? Number.NaN : median(base.cpu);
  const baseWall = base === undefined ? Number.NaN : median(base.wall);
  const limit = client.bar;
  return [
    String(client.endpoints),
    figure(cpu),
    figure(cpu / baseCpu),
    `${figure(Math.min(...own.cpu) / baseCpu)}..${figure(Math.max(...own.cpu) / baseCpu)}`,
    figure(wall),
    figure(wall / baseWall),
    mebibytes(measured.peakBytes),
    limit === undefined || base === undefined
      ? '-'
      : bar(limit.text, baseCpu / cpu, baseCpu / cpu <= limit.atMost, limit.atMost < 0.1 ? 3 : 2),
  ];
}
