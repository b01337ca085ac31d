import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { simulate } from './simulate.ts';

const base = mkdtempSync(join(tmpdir(), 'devops-follow-random-'));
afterAll(() => rmSync(base, { recursive: true }));

test('over 100 random lives of a log every line comes once', async () => {
  let written = 0;
  for (let seed = 1; seed <= 100; seed += 50) {
    const seeds = Array.from({ length: 50 }, (_, index) => seed + index);
    const outcomes = await Promise.all(seeds.map((one) => simulate(one, base)));
    for (const [index, { steps, mistakes, written: lines }] of outcomes.entries()) {
      expect(mistakes, `seed ${seeds[index]}: ${steps.join(', ')}`).toEqual([]);
      written += lines;
    }
  }
  expect(written).toBeGreaterThan(3000);
});
