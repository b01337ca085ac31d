import { killAtRandom } from './kill-at-random.ts';

// By hand: node test/lib/jobs/kills/long.ts [kills of each job]; LONG=1 means 200.
const kills = Number(process.argv[2] ?? (process.env['LONG'] === '1' ? 200 : 50));
const reports = await Promise.all((['work', 'find'] as const).map((job) => killAtRandom(job, kills, Math.random)));
for (const { mistakes, ...sums } of reports) {
  process.stdout.write(`${JSON.stringify(sums)}\n`);
  for (const mistake of mistakes.slice(0, 20)) process.stdout.write(`  ${mistake}\n`);
}
process.exitCode = reports.some(({ mistakes }) => mistakes.length > 0) ? 1 : 0;
