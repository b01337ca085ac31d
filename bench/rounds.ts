import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measurePeakMemory, measureRun, type Run, type RunOptions } from './measure.ts';

/** A command to measure; the first row of a bench is the baseline of every ratio. */
export interface CommandRow {
  name: string;
  /** The program by its absolute path, then its arguments. */
  argv: readonly string[];
  version: string;
  /** The exit code of a run that worked; 0 unless told. */
  exitCode?: number;
  /** The CPU ratio that issue and design ask for. */
  goal?: Goal;
}

/** A peer that is not installed: named, never left out. */
export interface MissingRow {
  name: string;
  /** How to install it. */
  missing: string;
}

export type Row = CommandRow | MissingRow;
export type Goal = { atMost: number } | { atLeast: number };

/** What the rounds found for one row: figures, or why there are none. */
export type Measured =
  | { row: CommandRow; cpuSeconds: number[]; wallSeconds: number[]; peakBytes?: number }
  | { row: CommandRow; failed: Failure }
  | { row: MissingRow };

/** A bench of a command that fails measures the failing: such a row has no figures. */
export interface Failure {
  reason: string;
  stderr: string;
}

export interface RoundsOptions {
  runs: number;
  env: NodeJS.ProcessEnv;
  /** GNU time; without it no peak memory is told. */
  gnuTime: string | undefined;
  signal: AbortSignal;
  /** Called before each round; round 0 is the warm-up. */
  onRound?: (round: number) => void;
}

/**
 * Runs every row once to warm up (and reads peak memory there), then `runs` rounds of all rows that worked. The
 * order is drawn anew for each round: whoever comes after a heavy neighbour finds cold caches, and nobody shall
 * always be the one. The draw is seeded, so a bench can be repeated.
 */
export async function measureRounds(rows: readonly Row[], options: RoundsOptions): Promise<Measured[]> {
  // An empty folder: no devops.yaml and no project file of a peer is found there.
  const cwd = mkdtempSync(join(tmpdir(), 'devops-bench-cwd-'));
  const runOptions = { cwd, env: options.env, deadlineSeconds: 120, signal: options.signal };
  try {
    options.onRound?.(0);
    const measured: Measured[] = [];
    for (const row of rows) measured.push(await warmUp(row, options.gnuTime, runOptions));
    const random = seededRandom(1);
    for (let round = 1; round <= options.runs; round++) {
      options.onRound?.(round);
      for (const index of shuffled(measured.keys(), random)) {
        measured[index] = await oneMoreRun(measured[index]!, runOptions);
      }
    }
    return measured;
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

async function warmUp(row: Row, gnuTime: string | undefined, options: RunOptions): Promise<Measured> {
  if ('missing' in row) return { row };
  const { run, peakBytes } = await measurePeakMemory(row.argv, gnuTime, options);
  const failed = failure(row, run);
  if (failed !== undefined) return { row, failed };
  return { row, cpuSeconds: [], wallSeconds: [], ...(peakBytes === undefined ? {} : { peakBytes }) };
}

async function oneMoreRun(measured: Measured, options: RunOptions): Promise<Measured> {
  if (!('cpuSeconds' in measured)) return measured;
  const run = await measureRun(measured.row.argv, options);
  const failed = failure(measured.row, run);
  if (failed !== undefined) return { row: measured.row, failed };
  measured.cpuSeconds.push(run.cpuSeconds);
  measured.wallSeconds.push(run.wallSeconds);
  return measured;
}

function failure(row: CommandRow, run: Run): Failure | undefined {
  const expected = row.exitCode ?? 0;
  if (run.exitCode === expected) return undefined;
  return { reason: `exit ${run.exitCode} instead of ${expected}`, stderr: run.stderr };
}

function shuffled(indexes: Iterable<number>, random: () => number): number[] {
  return [...indexes]
    .map((index) => ({ index, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ index }) => index);
}

/** Numbers in [0, 1) by the linear congruential generator of Numerical Recipes: enough to draw an order. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
