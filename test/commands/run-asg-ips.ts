import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { AsgAddress } from '../../src/lib/aws/addresses/asg-address.ts';
import { startTwin, type Twin, type TwinOptions } from '../support/aws-twin/aws-twin.ts';
import type { InstanceOptions } from '../support/aws-twin/instance.ts';
import { type RealRunOptions, runRealDevops } from '../support/run-real-devops.ts';
import { testRuntime } from '../support/test-runtime.ts';

/** A twin of AWS for each test, and a folder for state and files. */
export interface AsgShop {
  twin: Twin;
  folder: string;
  env: Record<string, string>;
  /** A group with one running member for each of these; answers with their ids. */
  group(name: string, members: readonly InstanceOptions[], region?: string): string[];
  /** `devops asg-ips` with these words, in this process. */
  run(words: string | readonly string[], options?: RealRunOptions): Promise<AsgRun>;
  records(words: string, options?: RealRunOptions): Promise<AsgAddress[]>;
  /** The operations that were called, sorted. */
  operations(): string[];
}

export interface AsgRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Opened before each test of a file, and ended after it: a scripted fault that was never met fails the test. */
export function useAsgShop(options: TwinOptions = {}): AsgShop {
  const shop: AsgShop = {
    twin: undefined as unknown as Twin,
    folder: '',
    env: {},
    group(name, members, region) {
      const place = shop.twin.region(region);
      const ids = members.map((member) => place.addInstance({ publicIp: null, ...member }));
      place.addGroup({ name, members: ids, desired: ids.length });
      return ids;
    },
    run(words, { env, ...more } = {}) {
      const { twin, folder } = shop;
      return runRealDevops(['asg-ips', ...(typeof words === 'string' ? words.split(' ') : words)], {
        cwd: folder,
        homeDirectory: folder,
        now: () => twin.clock.now(),
        monotonic: () => twin.clock.monotonic(),
        pause: (seconds, signal) => twin.clock.pause(seconds, signal),
        ...more,
        env: { ...shop.env, ...env },
        runtime: { userId: testRuntime().runtime.userId, ...more.runtime },
      });
    },
    async records(words, more) {
      const { stdout, stderr } = await shop.run(`${words} -o json`, more);
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as AsgAddress[];
    },
    operations: () => shop.twin.calls.map(({ operation }) => operation).toSorted(),
  };
  beforeEach(async () => {
    shop.folder = mkdtempSync(join(tmpdir(), 'devops-asg-ips-'));
    shop.twin = await startTwin(options);
    shop.env = { PATH: '/usr/bin:/bin', STATE_DIRECTORY: shop.folder, LANG: 'C.UTF-8', ...shop.twin.env };
  });
  afterEach(async () => {
    rmSync(shop.folder, { recursive: true });
    await shop.twin.stop();
  });
  return shop;
}
