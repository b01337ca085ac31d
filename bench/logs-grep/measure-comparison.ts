import { join } from 'node:path';
import type { BenchRequest } from '../harness.ts';
import { measureRun } from '../measure.ts';
import { shuffled } from '../ssl-expiry/shuffled.ts';
import { disagreement, sameBytes, type Answers, type References } from './answers.ts';
import type { Comparison, Contender, MissingContender } from './comparison.ts';
import type { Rig } from './rig.ts';

/** What the rounds found for one command: figures, or why there are none. */
export type Measured =
  | { contender: Contender; cpuSeconds: number[]; wallSeconds: number[]; answers: Answers }
  | { contender: Contender; failed: string; stderr: string }
  | { contender: MissingContender };

/**
 * Runs every command once to warm up, then `runs` rounds of those that worked, each round in another order. Every output
 * is compared with what the first command that worked has said: who says something else has failed.
 */
export async function measureComparison(
  comparison: Comparison,
  runs: number,
  rig: Rig,
  request: BenchRequest,
): Promise<Measured[]> {
  const measured: Measured[] = comparison.contenders.map((contender) =>
    'missing' in contender ? { contender } : { contender, cpuSeconds: [], wallSeconds: [], answers: {} },
  );
  const references: References = new Map();
  for (let round = 0; round <= runs; round++) {
    if (process.stderr.isTTY) process.stderr.write(`${comparison.title}: round ${round} of ${runs}\n`);
    const order = [...measured.keys()];
    for (const index of round === 0 ? order : shuffled(order, round)) {
      const one = measured[index]!;
      if (!('cpuSeconds' in one)) continue;
      comparison.prepare?.();
      const found = await runOnce(one.contender, rig, request);
      if ('failed' in found) {
        measured[index] = found;
        continue;
      }
      const differs = disagreement(found.answers, one.contender.name, references);
      if (differs !== undefined) {
        measured[index] = { contender: one.contender, failed: `another answer, ${differs}`, stderr: found.stderr };
        continue;
      }
      one.answers = found.answers;
      if (round === 0) continue;
      one.cpuSeconds.push(found.cpuSeconds);
      one.wallSeconds.push(found.wallSeconds);
    }
  }
  return measured;
}

interface Found {
  cpuSeconds: number;
  wallSeconds: number;
  answers: Answers;
  stderr: string;
}

async function runOnce(
  contender: Contender,
  rig: Rig,
  request: BenchRequest,
): Promise<Found | { contender: Contender; failed: string; stderr: string }> {
  const output = join(rig.storage.output, 'stdout');
  const toFile = ['/bin/bash', '-c', 'exec "${@:2}" >"$1"', 'bench', output, ...contender.argv];
  const { exitCode, stderr, cpuSeconds, wallSeconds } = await measureRun(toFile, {
    cwd: rig.cwd,
    env: rig.env,
    deadlineSeconds: 600,
    signal: request.signal,
  });
  const expected = contender.exitCodes ?? [0];
  if (!expected.includes(exitCode)) {
    return { contender, failed: `exit ${exitCode} instead of ${expected.join(' or ')}`, stderr };
  }
  try {
    return { cpuSeconds, wallSeconds, stderr, answers: await (contender.answers ?? sameBytes)(output) };
  } catch (error) {
    return {
      contender,
      failed: `its output cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      stderr,
    };
  }
}
