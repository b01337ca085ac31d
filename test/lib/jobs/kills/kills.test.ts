import { expect, test } from 'vitest';
import { killAtRandom } from './kill-at-random.ts';

// `LONG=1 node test/lib/jobs/kills/long.ts` kills 200 of each.
test.concurrent.each([
  ['work', 13],
  ['find', 12],
] as const)(
  'runs of the job %s whose devops is killed %d times never overlap, lose no alert and leave no lock',
  async (job, kills) => {
    const report = await killAtRandom(job, kills, Math.random);
    expect(report.mistakes).toEqual([]);
    expect(report.kills).toBeGreaterThanOrEqual(kills);
    expect(report.runs).toBeGreaterThan(0);
    expect(report.mails).toBeGreaterThan(0);
  },
  120_000,
);
