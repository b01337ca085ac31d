import { join } from 'node:path';
import { checkout, checkoutNode } from './checkout.ts';
import { environment, type BenchRequest, type BenchResult } from './harness.ts';
import { describeMachine } from './machine.ts';
import { median } from './median.ts';
import { versionLine } from './programs.ts';
import { measureRounds, type CommandRow, type Measured } from './rounds.ts';

const count = 500_000;
/** The bars of the issue. */
const goals = { microseconds: 0.3, headMilliseconds: 100 };

/**
 * What the runner costs for each record as text, over making the records, and how soon `| head -1` ends what is
 * endless. Starting Node and loading the sources is measured with a single record and taken off.
 */
export async function run(request: BenchRequest): Promise<BenchResult> {
  const node = checkoutNode();
  const version = versionLine([node, '--version'], environment);
  const alone = join(checkout, 'bench/records-alone.ts');
  const devops = join(checkout, 'test/support/invented-devops.ts');
  const row = (name: string, argv: readonly string[]): CommandRow => ({ name, argv, version });
  const measured = await measureRounds(
    [
      row('alone, 1', [node, alone, '1']),
      row('alone, all', [node, alone, String(count)]),
      row('runner, 1', [node, devops, 'records', '--count', '1']),
      row('runner, all', [node, devops, 'records', '--count', String(count)]),
      row('head -1', ['/bin/bash', '-c', `${node} ${devops} spin | head -1`]),
    ],
    { runs: request.runs, env: environment, gnuTime: undefined, signal: request.signal },
  );
  const failed = measured.find((one) => !('cpuSeconds' in one));
  if (failed !== undefined) return { text: `${JSON.stringify(failed)}\n`, failed: true };
  return { text: report(request, measured.map(medians), version), failed: false };
}

interface Medians {
  cpuSeconds: number;
  wallSeconds: number;
}

function medians(measured: Measured): Medians {
  if (!('cpuSeconds' in measured)) return { cpuSeconds: Number.NaN, wallSeconds: Number.NaN };
  return { cpuSeconds: median(measured.cpuSeconds), wallSeconds: median(measured.wallSeconds) };
}

function report(request: BenchRequest, rows: readonly Medians[], version: string): string {
  const [aloneOne, aloneAll, runnerOne, runnerAll, head] = rows as [Medians, Medians, Medians, Medians, Medians];
  const each = (all: Medians, one: Medians) => ((all.cpuSeconds - one.cpuSeconds) / count) * 1e6;
  const making = each(aloneAll, aloneOne);
  const running = each(runnerAll, runnerOne);
  const end = (head.wallSeconds - runnerOne.wallSeconds) * 1000;
  const bar = (value: number, goal: number) => `<= ${goal} ${value <= goal ? 'met' : 'MISSED'}`;
  const lines = [
    `${request.name}: ${request.summary}`,
    `${version}, ${describeMachine()}, medians of ${request.runs} interleaved runs`,
    '',
    `making ${count} records        ${making.toFixed(3)} µs CPU each`,
    `as text through the runner    ${running.toFixed(3)} µs CPU each, ${(running / making).toFixed(2)}x`,
    `the runner alone              ${(running - making).toFixed(3)} µs CPU each, ${bar(running - making, goals.microseconds)}`,
    `an endless one into head -1   ${end.toFixed(0)} ms longer than one record, ${bar(end, goals.headMilliseconds)}`,
  ];
  const indent = request.markdown ? '    ' : '';
  return `${request.markdown ? `## ${request.name}\n\n` : ''}${lines.map((line) => `${indent}${line}`.trimEnd()).join('\n')}\n`;
}
