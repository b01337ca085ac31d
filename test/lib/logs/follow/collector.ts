import { setTimeout as sleep } from 'node:timers/promises';
import { followLogs } from '../../../../src/lib/logs/follow/follow-logs.ts';
import type { FollowedLog, FollowOptions } from '../../../../src/lib/logs/follow/follow-logs.ts';

/** What was delivered at a time, as text. */
export interface Delivery {
  name: string;
  text: string;
  isNewFile: boolean;
  endsLine: boolean;
}

/** Follows in the background, at a look each 10 ms, and keeps what comes. */
export interface Collector {
  deliveries: readonly Delivery[];
  notes: readonly string[];
  /** All that was delivered. */
  text(): string;
  textOf(name: string): string;
  /** Waits until `isThere`; fails after 5 s. */
  until(what: string, isThere: () => boolean): Promise<void>;
  /** Ends it; rejects unless it ends with the signal's reason. */
  stop(): Promise<void>;
}

export type CollectOptions = Partial<Pick<FollowOptions, 'longestLine' | 'pollSeconds'>>;

export const pollSeconds = 0.01;

export async function collect(logs: readonly FollowedLog[], options: CollectOptions = {}): Promise<Collector> {
  const ending = new AbortController();
  const reason = new Error('the test is over');
  const deliveries: Delivery[] = [];
  const notes: string[] = [];
  let failure: unknown;

  async function run(): Promise<void> {
    const follow = followLogs(logs, {
      signal: ending.signal,
      pollSeconds,
      ...options,
      onNote: (note) => notes.push(note),
    });
    try {
      for await (const { log, bytes, isNewFile, endsLine } of follow) {
        deliveries.push({ name: log.name, text: bytes.toString(), isNewFile, endsLine });
      }
    } catch (error) {
      failure = error;
    }
  }

  const running = run();
  const text = (): string => deliveries.map((delivery) => delivery.text).join('');

  async function until(what: string, isThere: () => boolean): Promise<void> {
    const deadline = performance.now() + 5000;
    while (!isThere()) {
      if (failure !== undefined) throw failure;
      if (performance.now() > deadline) {
        throw new Error(
          `${what} did not come; notes: ${notes.join(', ')}; text: ${JSON.stringify(text().slice(-300))}`,
        );
      }
      await sleep(2);
    }
  }

  // The first look.
  await sleep(1);
  return {
    deliveries,
    notes,
    text,
    textOf: (name) => deliveries.map((delivery) => (delivery.name === name ? delivery.text : '')).join(''),
    until,
    async stop() {
      ending.abort(reason);
      await running;
      if (failure !== reason) throw failure;
    },
  };
}
