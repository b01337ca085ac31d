import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, type BenchRequest } from '../harness.ts';
import { measurePeakMemory } from '../measure.ts';
import type { Rig } from './rig.ts';

/** A run whose output is wanted beside its cost. */
export interface CapturedRun {
  wallSeconds: number;
  cpuSeconds: number;
  peakBytes?: number;
  exitCode: number;
  stderr: string;
  lines: string[];
}

/** Runs `argv` once; its standard output goes to a file, so that nobody has to read a pipe while it runs. */
export async function capturedRun(argv: readonly string[], rig: Rig, request: BenchRequest): Promise<CapturedRun> {
  const file = join(rig.folder, 'stdout');
  const toFile = ['/bin/bash', '-c', 'exec "${@:2}" >"$1"', 'bench', file, ...argv];
  const { run, peakBytes } = await measurePeakMemory(toFile, rig.gnuTime, {
    cwd: rig.folder,
    env: environment,
    deadlineSeconds: 300,
    signal: request.signal,
  });
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return { ...run, ...(peakBytes === undefined ? {} : { peakBytes }), lines };
}

/** What `devops ssl-expiry -o jsonl` found. */
export interface Findings {
  /** Records with a date. */
  dated: number;
  /** How often each finding was made, as `timeout 80, reset 20`. */
  codes: string;
  count(code: string): number;
}

export function readFindings(lines: readonly string[]): Findings {
  const counts = new Map<string, number>();
  let dated = 0;
  for (const line of lines) {
    const record = JSON.parse(line) as { expires?: string; findings?: { code: string }[] };
    if (record.expires !== undefined) dated++;
    for (const { code } of record.findings ?? []) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const codes = [...counts].map(([code, count]) => `${code} ${count}`).join(', ');
  return { dated, codes: codes === '' ? 'nothing' : codes, count: (code) => counts.get(code) ?? 0 };
}
