import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { simulate } from './simulate.ts';

const base = mkdtempSync(join(tmpdir(), 'devops-cursor-random-'));
afterAll(() => rmSync(base, { recursive: true }));

test('over 200 random lives of a log every line comes once, or is reported as destroyed', async () => {
  let written = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const outcome = await simulate(seed, base);
    expect(outcome.mistakes, `seed ${seed}: ${outcome.steps.join(', ')}`).toEqual([]);
    written += outcome.written;
  }
  expect(written).toBeGreaterThan(2500);
});
