import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { FileCursor } from '../../../../src/lib/logs/cursor/file-cursor.ts';
import { deliver } from './deliver.ts';
import { randomNumbers } from '../random-numbers.ts';

export interface Outcome {
  steps: readonly string[];
  written: number;
  runs: number;
  /** Destroyed before a run could see them, and reported by the next one. */
  reported: number;
  /** Destroyed where nothing on the disk tells of it: a file that came and went between two runs, or one that was
   * replaced by one that begins with all that was known of it. */
  unknowable: number;
  mistakes: readonly string[];
}

/** A file of the log in the course of time: what was written into it between two rotations. */
interface Generation {
  /** Where it is; undefined when it was destroyed. */
  path: string | undefined;
  /** In order, and what was written of each. */
  lines: Map<number, string>;
  /** What a run has seen of it at last; undefined when none has. */
  seen: string | undefined;
}

/** Plays one random life of a log with readers in between, and checks each line that was ever written. */
export async function simulate(seed: number, base: string): Promise<Outcome> {
  const random = randomNumbers(seed);
  const folder = mkdtempSync(join(base, 'log-'));
  const path = join(folder, 'app.log');
  const isDated = random(3) === 0;
  const header = ['', '', '#Fields: date time\n', `#Version: 1.0 ${'-'.repeat(80)}\n`][random(4)]!;
  const style = random(3);
  const steps: string[] = [];
  const mistakes: string[] = [];
  const delivered = new Map<number, string[]>();
  const destroyed = new Map<number, { mustReport: boolean; seen: string | undefined }>();
  const lost = { reported: 0, unknowable: 0 };
  let [number, day, runs] = [0, 0, 0];
  let partial = '';
  /** Oldest first; the last is at `path`, or was. */
  const generations: Generation[] = [];
  let removed = 0;
  let clock = 1_700_000_000;
  let mayReport = false;
  let wasStopped = false;
  let known: FileCursor | undefined;

  /** A second passes: a life that takes milliseconds would have the same time on all its files. */
  function touch(file: string): void {
    clock += 1.25;
    utimesSync(file, clock, clock);
  }

  /** Out of sight, but its inode stays taken: whole lives pass within a tick of the clock that tells their birth. */
  function remove(file: string): void {
    mkdirSync(join(folder, 'removed'), { recursive: true });
    renameSync(file, join(folder, 'removed', String(removed++)));
  }

  function begin(): void {
    writeFileSync(path, '');
    restart();
  }

  function current(): Generation {
    return generations.at(-1)!;
  }

  function append(count: number, isPartial: boolean, into = current()): void {
    let text = '';
    if (partial !== '') {
      text += partial;
      into.lines.set(number, into.lines.get(number)! + partial);
      partial = '';
    }
    for (let index = 0; index < count; index++) {
      number++;
      const filler = style === 0 ? '' : 'x'.repeat(random(style === 1 ? 30 : 400));
      const line = `${number} ${filler}\n`;
      into.lines.set(number, line);
      text += line;
    }
    if (isPartial) {
      number++;
      const whole = `${number} and ${'y'.repeat(random(40))} so on\n`;
      const cut = 1 + String(number).length + random(whole.length - String(number).length - 1);
      text += whole.slice(0, cut);
      partial = whole.slice(cut);
      into.lines.set(number, whole.slice(0, cut));
    }
    appendFileSync(into.path!, text);
    touch(into.path!);
  }

  function shift(): string {
    if (isDated) return join(folder, `app.log-2026${String(1001 + day++)}`);
    const rotated = generations.filter((generation) => generation.path !== undefined && generation.path !== path);
    for (const generation of rotated) {
      const [, index, suffix] = /\.(\d+)(\.\w+)?$/.exec(generation.path!)!;
      const next = join(folder, `app.log.${Number(index) + 1}${suffix ?? ''}`);
      renameSync(generation.path!, next);
      generation.path = next;
    }
    return join(folder, 'app.log.1');
  }

  function compress(generation: Generation): void {
    const bytes = readFileSync(generation.path!);
    const isZstd = random(4) === 0;
    const next = `${generation.path}${isZstd ? '.zst' : '.gz'}`;
    const half = random(bytes.length + 1);
    const members = random(4) === 0 ? [bytes.subarray(0, half), bytes.subarray(half)] : [bytes];
    writeFileSync(next, Buffer.concat(members.map((member) => (isZstd ? zstdCompressSync(member) : gzipSync(member)))));
    const modified = Number(statSync(generation.path!, { bigint: true }).mtimeNs) / 1e9;
    utimesSync(next, modified, modified);
    remove(generation.path!);
    generation.path = next;
  }

  function isPlain({ path: at }: Generation): boolean {
    return at !== undefined && at !== path && !/\.(gz|zst)$/.test(at);
  }

  function destroy(generation: Generation): void {
    for (const line of generation.lines.keys()) {
      if (!delivered.has(line))
        destroyed.set(line, { mustReport: generation.seen !== undefined, seen: generation.seen });
    }
    mayReport ||= wasStopped || generation.seen !== undefined || generation === current();
    generation.path = undefined;
  }

  function rename(): void {
    const target = shift();
    renameSync(path, target);
    const old = current();
    old.path = target;
    if (random(4) === 0 && partial === '') append(random(3), false, old);
    if (random(4) === 0) compress(old);
    if (random(8) === 0) return;
    begin();
  }

  function copyTruncate(): void {
    const target = shift();
    copyFileSync(path, target);
    touch(target);
    current().path = target;
    if (random(4) === 0) compress(current());
    truncateSync(path);
    restart();
  }

  function restart(): void {
    generations.push({ path, lines: new Map(), seen: undefined });
    partial = '';
    if (header !== '') appendFileSync(path, header);
    touch(path);
  }

  function copyAndWait(): void {
    const target = shift();
    const bytes = readFileSync(path);
    writeFileSync(target, bytes.subarray(0, random(bytes.length + 1)));
    pendingCopy = target;
  }
  let pendingCopy: string | undefined;

  /** The second half of a rotation by copy that a run fell into. */
  function finishCopy(): void {
    if (pendingCopy === undefined) return;
    copyFileSync(path, pendingCopy);
    touch(pendingCopy);
    current().path = pendingCopy;
    pendingCopy = undefined;
    truncateSync(path);
    restart();
  }

  async function run(isFinal: boolean): Promise<void> {
    runs++;
    const fate = isFinal ? 0 : random(10);
    const stop = fate === 1 ? { range: random(2), lines: random(4) } : undefined;
    const delivery = await deliver(path, known, { fromStart: true }, stop);
    if (fate === 2) return;
    known = delivery.next;
    const isStopped = stop !== undefined && stop.range < delivery.ranges.length;
    for (const line of delivery.parts.flatMap((part) => part.match(/[^\n]+\n?/g) ?? [])) {
      if (line.startsWith('#')) continue;
      const key = Number.parseInt(line, 10);
      delivered.set(key, [...(delivered.get(key) ?? []), line]);
    }
    const contents = generations.filter(({ path: at }) => at !== undefined).map(contentOf);
    for (const [line, { mustReport, seen }] of destroyed) {
      const isAlike = seen !== undefined && contents.some((content) => content.startsWith(seen));
      if (delivery.lost.length > 0) lost.reported++;
      else if (!mustReport || isAlike) lost.unknowable++;
      else mistakes.push(`run ${runs}: line ${line} was destroyed and that was not reported`);
    }
    if (delivery.lost.length > 0 && !mayReport && destroyed.size === 0)
      mistakes.push(`run ${runs}: ${delivery.lost[0]!.reason}: false alarm`);
    destroyed.clear();
    wasStopped = isStopped;
    // What a reader that was stopped has not come to is not known to its cursor.
    if (!isStopped) mayReport = false;
    for (const generation of generations) {
      if (generation.path !== undefined && !isStopped) generation.seen = contentOf(generation);
    }
  }

  function contentOf({ lines }: Generation): string {
    return header + [...lines.values()].join('');
  }

  const actions: readonly [string, number, () => void | Promise<void>][] = [
    ['append', 8, () => append(1 + random(6), false)],
    ['append and a part', 4, () => append(random(4), true)],
    ['run', 9, () => run(false)],
    ['rename', 4, rename],
    ['copy and truncate', 3, copyTruncate],
    ['copy and wait', 1, copyAndWait],
    ['compress', 2, () => generations.filter((old) => isPlain(old) && old !== current()).forEach(compress)],
    [
      'truncate',
      1,
      () => {
        destroy(current());
        truncateSync(path);
        restart();
      },
    ],
    [
      'delete and recreate',
      1,
      () => {
        destroy(current());
        if (random(2) === 0) remove(path);
        else {
          unlinkSync(path);
          // The kernel's clock moves every few milliseconds, and an inode used twice would be as old as before.
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
        }
        begin();
      },
    ],
    [
      'drop the oldest',
      1,
      () => {
        const oldest = generations.find(({ path: at }) => at !== undefined && at !== path);
        if (oldest === undefined) return;
        remove(oldest.path!);
        destroy(oldest);
      },
    ],
  ];
  const total = actions.reduce((sum, [, weight]) => sum + weight, 0);

  begin();
  try {
    for (let step = 0; step < 40 && mistakes.length === 0; step++) {
      let pick = random(total);
      const [name, , act] = actions.find(([, weight]) => (pick -= weight) < 0)!;
      if (name !== 'append' && name !== 'append and a part' && name !== 'run') finishCopy();
      if (!existsSync(path) && name !== 'run') begin();
      steps.push(name);
      await act();
    }
    finishCopy();
    if (!existsSync(path)) begin();
    append(1, false);
    // A line that was cut off by a rotation may wait for one more run.
    for (let count = 0; count < 2; count++) await run(true);
    const gone = new Set(delivered.keys());
    for (const { path: at, lines } of generations) {
      for (const [line, text] of lines) {
        const got = delivered.get(line);
        if (got === undefined && at !== undefined) mistakes.push(`line ${line} is lost`);
        if (got !== undefined && got.length > 1) mistakes.push(`line ${line} came ${got.length} times`);
        if (got?.length === 1 && got[0] !== text) mistakes.push(`line ${line} is ${JSON.stringify(got[0])}`);
        gone.delete(line);
      }
    }
    if (gone.size > 0) mistakes.push(`lines that nobody wrote: ${[...gone].join(', ')}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { steps, written: number, runs, ...lost, mistakes };
}
