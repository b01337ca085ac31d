import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { collect } from './collector.ts';
import type { Collector } from './collector.ts';
import { randomNumbers } from '../random-numbers.ts';

export interface Outcome {
  steps: readonly string[];
  written: number;
  mistakes: readonly string[];
}

/** A rotated file that ends in the middle of a line is given up after eight looks. */
const looksToEnd = 12;

/**
 * Plays one random life of a log under the eyes of a follower, and checks each line that was ever written. Before it
 * destroys something it waits until the follower has it.
 */
export async function simulate(seed: number, base: string): Promise<Outcome> {
  const random = randomNumbers(seed);
  const folder = mkdtempSync(join(base, 'log-'));
  const path = join(folder, 'app.log');
  const beat = join(folder, 'beat');
  const isLinked = random(4) === 0;
  const steps: string[] = [];
  const lines: string[] = [];
  let isPartial = false;
  let [beats, targets] = [0, 0];

  function create(): void {
    if (isLinked) {
      // As cronolog has it.
      const target = `app-${20_260_101 + targets++}.log`;
      symlinkSync(target, join(folder, 'link'));
      writeFileSync(join(folder, target), '');
      renameSync(join(folder, 'link'), path);
    } else writeFileSync(path, '', { flag: 'wx' });
  }

  /** Text for the end of a file; the last line may lack its end. */
  function compose(count: number, mayBePartial: boolean): string {
    let text = '';
    if (isPartial) {
      text += ' and its end\n';
      lines.push(`${lines.pop()} and its end`);
      isPartial = false;
    }
    for (let index = 0; index < count; index++) {
      lines.push(`${lines.length} ${'x'.repeat(random(random(8) === 0 ? 3000 : 40))}`);
      text += `${lines.at(-1)}\n`;
    }
    isPartial = mayBePartial && count > 0 && random(3) === 0;
    return isPartial ? text.slice(0, -1) : text;
  }

  function append(): void {
    if (!existsSync(path)) create();
    appendFileSync(path, compose(1 + random(6), true));
  }

  async function looks(collector: Collector, count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const text = `${++beats}\n`;
      appendFileSync(beat, text);
      await collector.until('a look', () => collector.textOf('beat').endsWith(text));
    }
  }

  /** Until the follower has all; the beginning of a line is told by nothing but looks. */
  async function settle(collector: Collector): Promise<void> {
    // The last line of a rotated file comes when the next one has something.
    if (!existsSync(path) || statSync(path).size === 0) append();
    const whole = lines.length - (isPartial ? 1 : 0);
    await collector.until(`line ${whole}`, () => received(collector).length >= whole);
    await looks(collector, isPartial ? looksToEnd : 2);
  }

  function shift(): void {
    for (let number = 8; number >= 1; number--) {
      if (existsSync(`${path}.${number}`)) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
    }
    renameSync(path, `${path}.1`);
    // What has no end now will not get one in the new file.
    if (isPartial) cutOff();
  }

  const cut = new Set<string>();
  function cutOff(): void {
    cut.add(lines.at(-1)!);
    isPartial = false;
  }

  const actions: Record<string, (collector: Collector) => Promise<void> | void> = {
    append,
    'append twice': () => {
      append();
      append();
    },
    wait: () => sleep(random(25)),
    rotate() {
      shift();
      create();
    },
    async 'rotate late'() {
      shift();
      await sleep(random(60));
      create();
    },
    async 'rotate, and write on'() {
      const writer = openSync(path, 'a');
      const wasPartial = isPartial;
      if (isLinked) {
        create();
        if (isPartial) cutOff();
      } else {
        shift();
        create();
      }
      for (let count = random(4); count > 0; count--) {
        // The line goes on in the old file, which is not cut off.
        if (wasPartial && cut.delete(lines.at(-1)!)) isPartial = true;
        writeSync(writer, compose(1 + random(3), false));
        await sleep(random(12));
      }
      closeSync(writer);
    },
    'rotate twice'() {
      rotateAndWrite();
      rotateAndWrite();
    },
    async 'rotate and compress'(collector) {
      shift();
      create();
      append();
      await settle(collector);
      writeFileSync(`${path}.1.gz`, gzipSync(readFileSync(`${path}.1`)));
      rmSync(`${path}.1`);
    },
    async copytruncate(collector) {
      await settle(collector);
      copyFileSync(path, `${path}.copy`);
      truncateSync(path);
      if (isPartial) cutOff();
    },
    async 'truncate and grow'(collector) {
      await settle(collector);
      if (isPartial) cutOff();
      writeFileSync(path, compose(1 + random(40), false));
    },
    async 'delete and create'(collector) {
      await settle(collector);
      unlinkSync(path);
      if (isPartial) cutOff();
      if (random(2) === 0) await sleep(random(60));
      create();
    },
  };

  function rotateAndWrite(): void {
    shift();
    create();
    append();
  }

  create();
  writeFileSync(beat, '');
  const collector = await collect([
    { name: 'app', path, start: 0 },
    { name: 'beat', path: beat, start: 0 },
  ]);
  const names = Object.keys(actions).filter((name) => !isLinked || !/^rotate( twice| late| and compress)?$/.test(name));
  const mistakes: string[] = [];
  try {
    append();
    for (let step = 0; step < 12; step++) {
      const name = names[random(names.length)]!;
      steps.push(name);
      await actions[name]!(collector);
    }
    append();
    appendFileSync(path, compose(1, false));
    await settle(collector);
  } catch (error) {
    mistakes.push(String(error));
  }
  await collector.stop();
  const came = received(collector);
  const counts = new Map<string, number>();
  for (const { text } of came) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const line of lines) {
    if (counts.get(line) !== 1) mistakes.push(`${counts.get(line) ?? 0} times: ${line}`);
    counts.delete(line);
  }
  for (const line of counts.keys()) mistakes.push(`never written: ${line}`);
  for (const { text, isWhole } of came) if (isWhole === cut.has(text)) mistakes.push(`wrong end: ${text}`);
  return { steps, written: lines.length, mistakes };
}

function received({ deliveries }: Collector): { text: string; isWhole: boolean }[] {
  let all = '';
  for (const { name, text, isNewFile } of deliveries) {
    if (name !== 'app') continue;
    // A line that was cut off by the end of its file.
    all += `${isNewFile && all !== '' && !all.endsWith('\n') ? '\0\n' : ''}${text}`;
  }
  return all
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ text: line.replace('\0', ''), isWhole: !line.endsWith('\0') }));
}
