import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';
import type { FollowedLog } from '../../../../src/lib/logs/follow/follow-logs.ts';
import { collect, pollSeconds } from './collector.ts';
import type { Collector, CollectOptions } from './collector.ts';

/** A folder for each test, whose followers end with it. */
export interface Scene {
  readonly folder: string;
  /** Of `app.log`. */
  readonly path: string;
  follow(start?: number, options?: CollectOptions): Promise<Collector>;
  followAll(logs: readonly FollowedLog[], options?: CollectOptions): Promise<Collector>;
}

/** Of `expect.poll`. */
export const patient = { interval: 5, timeout: 5000 };
export const rotated = 'app.log: was rotated, goes on with the new file';
export const truncated = 'app.log: was truncated, goes on from its start';
export const gone = 'app.log: is gone, waits for it to come back';
export const back = 'app.log: is there again';

export function createScene(): Scene {
  let folder = '';
  let collector: Collector | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'devops-follow-'));
  });

  afterEach(async () => {
    const text = collector?.text();
    // Nothing must come twice.
    await sleep(pollSeconds * 1000 * 4);
    if (collector?.text() !== text) throw new Error(`came after the end: ${collector?.text()}`);
    await collector?.stop();
    collector = undefined;
    rmSync(folder, { recursive: true });
  });

  async function followAll(logs: readonly FollowedLog[], options: CollectOptions = {}): Promise<Collector> {
    collector = await collect(logs, options);
    return collector;
  }

  return {
    get folder() {
      return folder;
    },
    get path() {
      return join(folder, 'app.log');
    },
    follow(start, options) {
      const log = { name: 'app.log', path: join(folder, 'app.log') };
      return followAll([start === undefined ? log : { ...log, start }], options);
    },
    followAll,
  };
}

/** Paths of the files of this process. */
export function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      return [];
    }
  });
}
