import { fstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FileCursor } from '../cursor/file-cursor.ts';
import { tailLength } from '../cursor/fingerprint.ts';
import type { ReadRange } from '../cursor/read-plan.ts';
import { readAt } from '../cursor/stored-file.ts';
import { cutBatch } from '../search/cut-batch.ts';
import type { LogConsumer } from '../search/log-consumer.ts';
import type { LogInput } from '../search/log-input.ts';
import type { FoundBatch } from '../search/search-options.ts';
import { sourceProblem, type SourceProblem } from '../source/source-problem.ts';
import type { PlannedLog } from './open-state.ts';

/** Reads what was planned, and knows how far each log was read. */
export interface StateReading {
  /** What is new, log by log. Of a log that could not be read on, the rest is left out. */
  inputs(): Iterable<LogInput>;
  /** The same consumer, of which we see how far it came. */
  watch(consumer: LogConsumer): LogConsumer;
  onProblem(problem: SourceProblem, input: LogInput): void;
  cursors(): Map<string, FileCursor>;
}

interface At {
  log: PlannedLog;
  range: ReadRange;
  /** Uncompressed, behind the last whole line. */
  offset: number;
  before: Buffer;
}

/** A compressed file of which the end is missing for so long will not get it any more. */
const unfinishedSeconds = 3600;

export function readPlanned(logs: readonly PlannedLog[], nowSeconds: number): StateReading {
  const cursors = new Map(logs.map(({ path, plan }): [string, FileCursor] => [path, plan.next]));
  const places = new Map<LogInput, At>();
  const stopped = new Set<PlannedLog>();
  let at: At | undefined;
  /** A last line without its line feed. In a compressed file that is not whole, the next run has all of it. */
  let held: FoundBatch | undefined;
  return {
    *inputs() {
      for (const log of logs) {
        for (const range of log.plan.ranges) {
          if (stopped.has(log)) break;
          const input = inputOf(log, range);
          places.set(input, { log, range, offset: range.start, before: bytesBefore(range) });
          yield input;
        }
      }
    },
    watch: (consumer) => ({
      begin(input) {
        at = places.get(input);
        held = undefined;
        consumer.begin(input);
      },
      add(batch) {
        if (at !== undefined) {
          const whole = batch.bytes.lastIndexOf(0x0a) + 1;
          at.offset = batch.offset + whole;
          const lines = batch.bytes.subarray(0, whole);
          at.before = Buffer.concat([at.before, lines.subarray(-tailLength)]).subarray(-tailLength);
        }
        if (held !== undefined) consumer.add(held);
        held = undefined;
        // All that is new is passed over, also what nobody wants to see any more.
        if (at === undefined || at.range.kind === 'plain' || batch.bytes.at(-1) === 0x0a) consumer.add(batch);
        else held = cutBatch(batch, batch.bytes.lastIndexOf(0x0a) + 1, (lines) => consumer.add(lines));
        return false;
      },
      end() {
        if (held !== undefined && (at === undefined || !stopped.has(at.log))) consumer.add(held);
        held = undefined;
        consumer.end();
      },
    }),
    onProblem({ code }, input) {
      const place = places.get(input);
      if (place === undefined || !mayBeMended(code, input, nowSeconds)) return;
      const { log, range, offset, before } = place;
      stopped.add(log);
      // Nobody would recognise the place by fewer bytes: better the same lines once more.
      if (before.length < Math.min(offset, tailLength)) cursors.delete(log.path);
      else cursors.set(log.path, log.plan.cursorAt(range, offset, before));
    },
    cursors: () => cursors,
  };
}

function bytesBefore({ kind, start, descriptor }: ReadRange): Buffer {
  const from = Math.max(0, start - tailLength);
  return kind === 'plain' && start > 0 ? Buffer.from(readAt(descriptor, from, start - from)) : Buffer.alloc(0);
}

function inputOf(log: PlannedLog, { path, descriptor, kind, start, end }: ReadRange): LogInput {
  return {
    name: path === log.path ? log.name : join(dirname(log.name), basename(path)),
    source: { kind: 'descriptor', descriptor },
    // How a plain one is encoded is seen by its first bytes.
    ...(kind === 'plain' ? {} : { stored: kind }),
    start,
    ...(end === undefined ? {} : { end }),
    modifiedSeconds: fstatSync(descriptor).mtimeMs / 1000,
  };
}

/** Whether the next run may read what this one could not. What is damaged for good must not hold up what comes behind. */
function mayBeMended(code: SourceProblem['code'], { modifiedSeconds }: LogInput, nowSeconds: number): boolean {
  if (code === 'truncated') return nowSeconds - modifiedSeconds < unfinishedSeconds;
  // A window over lines of which nobody can tell the time: once somebody tells, they are to be searched.
  return code === 'shortened' || code === 'unreadable' || code === 'no-time';
}

export function lossesOf(logs: readonly PlannedLog[]): { name: string; problem: SourceProblem }[] {
  return logs.flatMap(({ name, plan }) =>
    plan.lost.map(({ path, bytes, reason }) => {
      const amount = bytes === undefined ? '' : ` (at least ${bytes} bytes)`;
      return { name, problem: sourceProblem('lost', path, `${reason}${amount}`) };
    }),
  );
}
