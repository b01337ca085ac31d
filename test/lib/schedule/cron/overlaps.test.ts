import { expect, test } from 'vitest';
import { type ExpectedJob, expectRuns } from '../../../../src/lib/schedule/cron/overlaps.ts';
import { parseCron } from '../../../../src/lib/schedule/cron/parse-cron.ts';

const midnight = Date.parse('2026-11-20T00:00:00Z') / 1000;
const minute = 60;

async function job(name: string, expression: string, rest: Partial<ExpectedJob> = {}): Promise<ExpectedJob> {
  return { name, schedule: await parseCron(expression, { zone: 'UTC' }), overlap: { kind: 'skip' }, ...rest };
}

/** `NAME at minute`, and `meets NAME from to to` in minutes since midnight. */
function told(jobs: readonly ExpectedJob[], count: number, after = midnight - 1): string[] {
  const lines: string[] = [];
  const minutes = (at: number) => (at - midnight) / minute;
  for (const { job: one, at, meets } of expectRuns(jobs, after)) {
    const met = meets && ` meets ${meets.job} ${minutes(meets.since)}-${minutes(meets.until)}`;
    lines.push(`${one.name} ${minutes(at)}${met ?? ''}`);
    if (lines.length === count) break;
  }
  return lines;
}

test('the runs of several jobs come in order, and meet nothing where nothing is known of their length', async () => {
  const jobs = [await job('b', '30 0 * * *', { lock: 'x' }), await job('a', '0,30 * * * *', { lock: 'x' })];
  expect(told(jobs, 4)).toEqual(['a 0', 'b 30', 'a 30', 'a 60']);
});

test('a run that would be skipped is in nobody’s way', async () => {
  const jobs = [await job('a', '*/10 * * * *', { expectedSeconds: 15 * minute, lock: 'a' })];
  expect(told(jobs, 4)).toEqual(['a 0 meets a -10-5', 'a 10', 'a 20 meets a 10-25', 'a 30']);
});

test('jobs meet where they share a lock, and only there', async () => {
  const a = await job('a', '0 1 * * *', { expectedSeconds: 3600, lock: 'db' });
  const b = await job('b', '30 1 * * *', { lock: 'db' });
  const c = await job('c', '40 1 * * *', { lock: 'other' });
  expect(told([a, b, c], 3)).toEqual(['a 60', 'b 90 meets a 60-120', 'c 100']);
  expect(told([a, { ...b, lock: undefined }], 2)).toEqual(['a 60', 'b 90']);
});

test('a run that ends as the next begins does not meet it', async () => {
  const jobs = [await job('a', '0 * * * *', { expectedSeconds: 3600, lock: 'a' })];
  expect(told(jobs, 3)).toEqual(['a 0', 'a 60', 'a 120']);
});

test('one that waits begins later, one that waits too long does not begin, one that replaces ends the other', async () => {
  const first = await job('a', '0 1 * * *', { expectedSeconds: 50 * minute, lock: 'db' });
  const second = await job('b', '30 1 * * *', { expectedSeconds: 50 * minute, lock: 'db' });
  const third = await job('c', '0 2 * * *', { lock: 'db' });
  const patient = { ...second, overlap: { kind: 'wait', seconds: 1200 } } as const;
  expect(told([first, patient, third], 3)[2]).toBe('c 120 meets b 110-160');
  const hasty = { ...second, overlap: { kind: 'wait', seconds: 1199 } } as const;
  expect(told([first, hasty, third], 3)[2]).toBe('c 120');
  const rude = { ...second, overlap: { kind: 'replace' } } as const;
  expect(told([first, rude, third], 3)[2]).toBe('c 120 meets b 90-140');
});

test('without a lock a job runs beside itself', async () => {
  const jobs = [await job('a', '*/10 * * * *', { expectedSeconds: 15 * minute })];
  expect(told(jobs, 2)).toEqual(['a 0 meets a -10-5', 'a 10 meets a 0-15']);
});

test('what began before is known of the first run', async () => {
  const jobs = [
    await job('a', '50 23 * * *', { expectedSeconds: 3600, lock: 'db' }),
    await job('b', '5 0 * * *', { lock: 'db' }),
  ];
  expect(told(jobs, 1)).toEqual(['b 5 meets a -10-50']);
});

test('it ends where no job runs any more', async () => {
  const jobs = [await job('a', '0 0 1 1 *')];
  expect(told(jobs, 5, Date.parse('2998-01-01') / 1000)).toHaveLength(1);
  expect(told([], 5)).toEqual([]);
});
