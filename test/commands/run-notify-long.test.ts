import { afterEach, beforeEach, expect, test } from 'vitest';
import { bin, node, start } from '../support/start-devops.ts';
import { failing, notifyBench, ops } from './run-notify.ts';

let bench: ReturnType<typeof notifyBench>;
beforeEach(() => {
  bench = notifyBench();
});
afterEach(() => bench.close());

// By hand, in 40 seconds: LONG=1 npx vitest run test/commands/run-notify-long.test.ts.
const isLong = process.env['LONG'] === '1';

const startRun = (name: string) =>
  start(node, [bin, 'run', '--notify', ops, ...failing(3, name)], {
    env: bench.env(),
    cwd: bench.folder,
    timeout: 60_000,
  });

test.runIf(isLong).each(['silent', 'slow-drip'] as const)(
  'ten runners end within 20 seconds and a little when the mail server is %s, and each alert arrives once',
  { timeout: 90_000 },
  async (mode) => {
    const bad = await bench.mailServer({ mode });
    const runs = await Promise.all(Array.from({ length: 10 }, (_, index) => startRun(`job-${index}`)));
    for (const { exitCode, stderr, durationMs } of runs) {
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(/^devops: warning: mailto:ops@example\.org was not told: [^\n]+\ndevops: job-\d on /);
      expect(durationMs).toBeLessThan(27_000);
    }
    expect(bench.spooled()).toHaveLength(10);
    await bad.close();
    const good = await bench.mailServer();
    await bench.devops('notify flush --all');
    expect([good.received.length, bench.spooled()]).toEqual([10, []]);
  },
);

test.runIf(isLong)(
  'a run that is ended while it tells somebody ends within 5 seconds',
  { timeout: 60_000 },
  async () => {
    await bench.mailServer({ mode: 'slow-drip' });
    const run = startRun('backup');
    await expect.poll(() => bench.spooled().length, { timeout: 10_000 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const began = performance.now();
    run.kill('SIGTERM');
    const { exitCode } = await run;
    expect(exitCode).toBe(3);
    expect(performance.now() - began).toBeLessThan(6500);
    expect(bench.spooled()).toHaveLength(1);
  },
);
