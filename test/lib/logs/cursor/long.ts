import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulate } from './simulate.ts';

// By hand: node test/lib/logs/cursor/long.ts [scripts] [first seed]; LONG=1 means 10,000 scripts.
const scripts = Number(process.argv[2] ?? (process.env['LONG'] === '1' ? 10_000 : 200));
const first = Number(process.argv[3] ?? 1);
const base = mkdtempSync(join(tmpdir(), 'devops-cursor-'));
const sum = { written: 0, runs: 0, reported: 0, unknowable: 0, bad: 0 };
try {
  for (let seed = first; seed < first + scripts; seed++) {
    const { written, runs, reported, unknowable, mistakes, steps } = await simulate(seed, base);
    sum.written += written;
    sum.runs += runs;
    sum.reported += reported;
    sum.unknowable += unknowable;
    if (mistakes.length === 0) continue;
    sum.bad++;
    if (sum.bad <= 5) process.stdout.write(`seed ${seed}: ${mistakes.slice(0, 3).join('; ')}\n  ${steps.join(', ')}\n`);
  }
} finally {
  rmSync(base, { recursive: true });
}
process.stdout.write(`${scripts} scripts: ${JSON.stringify(sum)}\n`);
process.exitCode = sum.bad > 0 ? 1 : 0;
