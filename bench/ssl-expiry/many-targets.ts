import type { BenchRequest } from '../harness.ts';
import type { Rig } from './rig.ts';
import { figure, mebibytes, type Section } from './sections.ts';
import { watchedRun, type WatchedRun } from './watched-run.ts';

/** Whether memory is bounded and progress steady with five times as many targets as endpoints, and what Ctrl-C leaves. */
export async function manyTargets(request: BenchRequest, rig: Rig, endpoints: number): Promise<Section> {
  const { endpoints: all } = rig.estate;
  const few = rig.devops(rig.hosts('few', all.slice(0, endpoints)), '-o', 'jsonl');
  const many = rig.devops(rig.hosts('many', all), '-o', 'jsonl');
  process.stderr.write(`${all.length} targets\n`);
  const fewRun = await watchedRun(few, { request });
  const manyRun = await watchedRun(many, { request });
  const interrupted = await watchedRun(many, { request, interruptAfterSeconds: manyRun.wallSeconds / 2 });
  return {
    title: `${all.length} targets from a file`,
    facts: [
      `one run each; ${all.length} targets are the ${endpoints} servers on ${all.length / endpoints} ports each, default concurrency, -o jsonl`,
      'resident memory is read five times a second; the middle one is the median of all looks',
    ],
    header: ['run', 'exit', 'records', 'wall s', 'ms each', 'first after s', 'longest gap s', 'middle RSS', 'peak RSS'],
    rows: [
      row(`${endpoints} targets`, fewRun),
      row(`${all.length} targets`, manyRun),
      row(`${all.length} targets, Ctrl-C half-way`, interrupted),
    ],
    notes: [
      `memory by tenths of the long run: ${tenths(manyRun.resident).map(mebibytes).join(', ')}`,
      `Ctrl-C: exit ${interrupted.exitCode ?? 'by a signal'}, ${interrupted.lines} records printed`,
    ],
    failed: fewRun.lines !== endpoints || manyRun.lines !== all.length,
  };
}

function row(name: string, run: WatchedRun): string[] {
  const sorted = run.resident.toSorted((a, b) => a - b);
  return [
    name,
    String(run.exitCode ?? 'signal'),
    String(run.lines),
    figure(run.wallSeconds),
    figure((run.wallSeconds * 1000) / Math.max(1, run.lines)),
    figure(run.firstSeconds),
    figure(run.longestGapSeconds),
    mebibytes(sorted[Math.floor(sorted.length / 2)]),
    mebibytes(sorted.at(-1)),
  ];
}

function tenths(values: readonly number[]): number[] {
  return Array.from({ length: 10 }, (_, part) => values[Math.floor((part * values.length) / 10)]).filter(
    (value) => value !== undefined,
  );
}
