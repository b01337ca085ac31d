import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMail } from '../support/mail/read-mail.ts';
import { bin, node, start } from '../support/start-devops.ts';
import { failing, notifyBench, ops } from './run-notify.ts';

let bench: ReturnType<typeof notifyBench>;
beforeEach(() => {
  bench = notifyBench();
});
afterEach(() => bench.close());

/** Processes of their own, all at the same time. */
function runners(count: number, more: Record<string, string> = {}) {
  const env = bench.env(more);
  const words = (index: number) => ['run', '--notify', ops, ...failing(index + 1, `job-${index}`)];
  return Promise.all(
    Array.from({ length: count }, (_, index) => start(node, [bin, ...words(index)], { env, cwd: bench.folder })),
  );
}

const jobsOf = (received: readonly { raw: Buffer }[]) =>
  received
    .map(({ raw }) => /^FAILED (job-\d+) /.exec(readMail(raw).headers.get('subject') ?? '')?.[1] ?? '')
    .toSorted((one, other) => one.localeCompare(other));
const names = Array.from({ length: 10 }, (_, index) => `job-${index}`);

test('of ten runners that flush at once each alert is sent exactly once', { timeout: 60_000 }, async () => {
  const server = await bench.mailServer({ delayMilliseconds: 30 });
  const runs = await runners(10);
  expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(names.map((_, index) => [index + 1, '']));
  expect(jobsOf(server.received)).toEqual(names);
  expect(bench.spooled()).toEqual([]);
});

test(
  'what ten runners could not tell is sent once when the server is back, by four that flush at once',
  { timeout: 60_000 },
  async () => {
    const bad = await bench.mailServer({ deferFirst: 1000 });
    const runs = await runners(10);
    for (const [index, { exitCode, stderr }] of runs.entries()) {
      expect(exitCode).toBe(index + 1);
      expect(stderr).toMatch(/^devops: warning: mailto:ops@example\.org was not told: .* 451 .*\ndevops: job-\d on /);
    }
    expect(bench.spooled()).toHaveLength(10);
    await bad.close();
    const good = await bench.mailServer({ delayMilliseconds: 30 });
    const env = bench.env();
    const flushes = await Promise.all(
      names.map(() =>
        start(node, [bin, 'notify', 'flush', '--all'], {
          env,
          cwd: bench.folder,
        }),
      ),
    );
    expect(jobsOf(good.received)).toEqual(names);
    expect(bench.spooled()).toEqual([]);
    for (const { exitCode, stderr } of flushes) {
      if (exitCode !== 0) expect([exitCode, stderr]).toEqual([75, expect.stringContaining('another run is sending')]);
    }
  },
);
