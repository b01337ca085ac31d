import type { BenchRequest } from '../harness.ts';
import { median } from '../median.ts';
import { startResettingServers, startSilentServers } from '../../test/support/net/bad-servers.ts';
import { startBlackholes } from '../../test/support/net/blackhole.ts';
import { capturedRun, readFindings, type CapturedRun } from './captured-run.ts';
import type { ConcurrentPeers } from './clients.ts';
import type { Endpoint } from './endpoints.ts';
import type { Rig } from './rig.ts';
import { bar, figure, mebibytes, type Section } from './sections.ts';
import { shuffled } from './shuffled.ts';

const dead = { blackholes: 40, silent: 40, resetting: 20 };
const timeoutSeconds = 5;
const concurrency = 256;
const memoryBar = 150e6;

/** 900 endpoints that answer among 100 that do not, in an order that is the same in every run. */
export async function deadEndpoints(request: BenchRequest, rig: Rig, peers: ConcurrentPeers): Promise<Section> {
  const good = rig.estate.endpoints.slice(0, 900);
  const servers = await Promise.all([
    startBlackholes(dead.blackholes),
    startSilentServers(dead.silent),
    startResettingServers(dead.resetting),
  ]);
  try {
    const bad = servers.flatMap(({ endpoints }) => endpoints);
    return await measure(request, rig, peers, good, bad);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function measure(
  request: BenchRequest,
  rig: Rig,
  { python, go }: ConcurrentPeers,
  good: readonly Endpoint[],
  bad: readonly Endpoint[],
): Promise<Section> {
  const all = rig.hosts('dead', shuffled([...good, ...bad], 1));
  const options = ['--connect-timeout', `${timeoutSeconds}s`, '--concurrency', String(concurrency), '-o', 'jsonl'];
  const alone = rig.devops(rig.hosts('good', good), ...options);
  const rounds = Math.min(request.runs, 5);
  const runs: { alone: CapturedRun; all: CapturedRun }[] = [];
  const others = new Map<string, CapturedRun[]>();
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`dead endpoints: round ${round} of ${rounds}\n`);
    runs.push({
      alone: await capturedRun(alone, rig, request),
      all: await capturedRun(rig.devops(all, ...options), rig, request),
    });
    for (const [name, peer] of [['python3 ssl, 256 threads', python] as const, ['Go, 256 goroutines', go] as const]) {
      if ('missing' in peer) continue;
      const run = await capturedRun(peer.argv(all, concurrency, timeoutSeconds), rig, request);
      others.set(name, [...(others.get(name) ?? []), run]);
    }
  }
  const hanging = dead.blackholes + dead.silent;
  const waves = Math.ceil(hanging / concurrency);
  const bound = waves * timeoutSeconds + wall(runs.map((run) => run.alone));
  const found = runs.map((run) => readFindings(run.all.lines));
  const fewest = Math.min(...found.map(({ dated }) => dated));
  const ratio = wall(runs.map((run) => run.all)) / bound;
  const peaks = runs.flatMap(({ all: { peakBytes } }) => (peakBytes === undefined ? [] : [peakBytes]));
  const peak = peaks.length === 0 ? undefined : Math.max(...peaks);
  const bars = [
    `wall ${bar('<= 1.1x of the bound', ratio, ratio <= 1.1)}`,
    peak === undefined
      ? 'peak RSS needs GNU time (apt-get install time)'
      : `peak RSS in MB ${bar('<= 150', peak / 1e6, peak <= memoryBar, 0)}`,
    `found ${bar(`>= ${good.length}`, fewest, fewest >= good.length, 0)}`,
  ];
  const incomplete = incompleteRun(
    runs.map((run) => run.all),
    good.length + bad.length,
  );
  const row = (name: string, some: readonly CapturedRun[], dated: number) => [
    name,
    `${dated} of ${good.length}`,
    figure(wall(some)),
    figure(wall(some) / bound),
    figure(median(some.map((run) => run.cpuSeconds))),
    mebibytes(Math.max(...some.map((run) => run.peakBytes ?? Number.NaN))),
  ];
  return {
    title: `${good.length} good endpoints, ${dead.blackholes} blackholes, ${dead.silent} silent ones, ${dead.resetting} that reset`,
    facts: [
      `medians of ${rounds} interleaved rounds, --connect-timeout ${timeoutSeconds}s --concurrency ${concurrency}, list shuffled with a fixed seed`,
      `bound: ${waves} x ${timeoutSeconds} s for ${hanging} that hang, plus the good ones alone: ${figure(bound)} s`,
    ],
    header: ['command', 'found', 'wall s', 'of the bound', 'CPU s', 'peak RSS'],
    rows: [
      row(
        'devops ssl-expiry, good ones alone',
        runs.map((run) => run.alone),
        Math.min(...runs.map((run) => readFindings(run.alone.lines).dated)),
      ),
      row(
        'devops ssl-expiry, all',
        runs.map((run) => run.all),
        fewest,
      ),
      ...[...others].map(([name, some]) => row(name, some, Math.min(...some.map((run) => run.lines.length)))),
      ...[python, go].flatMap((peer) => ('missing' in peer ? [[peer.name, `missing: ${peer.missing}`]] : [])),
    ],
    notes: [
      ...(incomplete === undefined ? bars : [incomplete]),
      `findings of the last run: ${found.at(-1)!.codes}; exit ${runs.at(-1)!.all.exitCode}`,
    ],
    failed: incomplete !== undefined || fewest < good.length,
  };
}

/** A run that lost targets ended too soon: its wall time is no figure, and its standard error says why. */
function incompleteRun(runs: readonly CapturedRun[], targets: number): string | undefined {
  const run = runs.find(({ lines }) => lines.length !== targets);
  if (run === undefined) return undefined;
  const said = run.stderr.trim().split('\n').slice(0, 2).join(' / ');
  return `FAILED: ${run.lines.length} records of ${targets} targets, exit ${run.exitCode}, stderr: ${said || 'nothing'}`;
}

function wall(runs: readonly CapturedRun[]): number {
  return median(runs.map((run) => run.wallSeconds));
}
