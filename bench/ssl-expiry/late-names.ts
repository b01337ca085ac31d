import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRequest } from '../harness.ts';
import { median } from '../median.ts';
import { startLateDns, type LateDns } from '../../test/support/net/late-dns.ts';
import { capturedRun, readFindings, type CapturedRun } from './captured-run.ts';
import type { ConcurrentPeers } from './clients.ts';
import { startNginx } from './nginx.ts';
import type { Rig } from './rig.ts';
import { bar, figure, type Section } from './sections.ts';

const names = 300;
const delayMilliseconds = 100;
const timeoutSeconds = 5;
const port = 8443;
const title = `${names} names whose DNS answers take ${delayMilliseconds} ms`;
const header = ['command', 'found', 'false timeouts', 'wall s', 'CPU s'];

/** Names that all lead to one server with a wildcard certificate, in a network of its own where DNS is slow. */
export async function lateNames(request: BenchRequest, rig: Rig, peers: ConcurrentPeers): Promise<Section> {
  const network = await startLateDns({ delayMilliseconds });
  if ('unavailable' in network) {
    const rows = [['devops ssl-expiry', `missing: ${network.unavailable}`]];
    return { title, facts: [], header, rows, notes: [], failed: false };
  }
  try {
    const identity = rig.estate.authority.issue({
      commonName: 'late.test',
      dnsNames: ['late.test', '*.late.test'],
      addresses: [],
      days: 90,
    });
    const stopNginx = await startNginx({
      nginx: rig.nginx,
      sites: [{ listen: [`127.0.0.1:${port}`], identity }],
      folder: join(rig.folder, 'late-nginx'),
      wrapper: network.inside(rig.cores.server),
    });
    try {
      return await measure(request, rig, peers, network);
    } finally {
      await stopNginx();
    }
  } finally {
    await network.stop();
  }
}

async function measure(request: BenchRequest, rig: Rig, peers: ConcurrentPeers, network: LateDns): Promise<Section> {
  const hosts = join(rig.folder, 'names');
  writeFileSync(hosts, Array.from({ length: names }, (_, index) => `host-${index + 1}.late.test:${port}\n`).join(''));
  const ours = rig.devops(hosts, '--connect-timeout', `${timeoutSeconds}s`, '-o', 'jsonl');
  const { python, go } = peers;
  const commands = new Map([['devops ssl-expiry', ours]]);
  if ('argv' in python) commands.set('python3 ssl, 64 threads', [...python.argv(hosts, 64, timeoutSeconds)]);
  if ('argv' in go) commands.set('Go, 64 goroutines', [...go.argv(hosts, 64, timeoutSeconds)]);
  const rounds = Math.min(request.runs, 5);
  const runs = new Map<string, CapturedRun[]>([...commands.keys()].map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`late DNS: round ${round} of ${rounds}\n`);
    for (const [name, argv] of commands) runs.get(name)!.push(await capturedRun(network.inside(argv), rig, request));
  }
  const own = runs.get('devops ssl-expiry')!.map((run) => readFindings(run.lines));
  const falseTimeouts = Math.max(...own.map((found) => found.count('timeout') + found.count('dns')));
  const fewest = Math.min(...own.map(({ dated }) => dated));
  return {
    title,
    facts: [
      `medians of ${rounds} interleaved rounds, --connect-timeout ${timeoutSeconds}s and default concurrency; getaddrinfo asks a DNS server in a network namespace`,
    ],
    header,
    rows: [...runs].map(([name, some]) => {
      const isOurs = name === 'devops ssl-expiry';
      const dated = isOurs ? fewest : Math.min(...some.map((run) => run.lines.length));
      return [
        name,
        `${dated} of ${names}`,
        String(isOurs ? falseTimeouts : names - dated),
        figure(median(some.map((run) => run.wallSeconds))),
        figure(median(some.map((run) => run.cpuSeconds))),
      ];
    }),
    notes: [
      `false timeouts ${bar('<= 0', falseTimeouts, falseTimeouts === 0, 0)}`,
      `findings of the last run: ${own.at(-1)!.codes}`,
    ],
    failed: fewest < names,
  };
}
