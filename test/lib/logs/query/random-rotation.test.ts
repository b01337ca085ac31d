import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { logsGrep, temporaryFolder } from './run-logs-grep.ts';
import { randomNumbers } from '../random-numbers.ts';

interface Life {
  steps: string[];
  written: number;
  delivered: number;
  mistakes: string[];
}

/** One random life of a log with cron in between; each line that was ever written is looked for. */
async function live(seed: number): Promise<Life> {
  const random = randomNumbers(seed);
  const folder = temporaryFolder();
  const path = join(folder, 'app.log');
  const isDated = random(3) === 0;
  const isGlob = random(3) === 0;
  const life: Life = { steps: [], written: 0, delivered: 0, mistakes: [] };
  const seen = new Map<number, number>();
  /** Lines of each file of the log, by its name. */
  let files = new Map<string, number[]>([['app.log', []]]);
  const destroyed = new Set<number>();
  let clock = 1_700_000_000;
  let partial: string | undefined;
  let day = 10;
  /** Files in the folder that were there at the last run. */
  let known = new Set<string>();
  let mayTell = true;
  let mustTell = false;
  let isFirst = true;

  const touch = (name: string) => utimesSync(join(folder, name), ++clock, clock);

  function append(count: number, isCut: boolean): void {
    let text = '';
    for (let index = 0; index < count; index++) {
      if (partial !== undefined) {
        text += partial;
        partial = undefined;
        continue;
      }
      const number = life.written++;
      files.get('app.log')!.push(number);
      const line = `line ${number} ${'x'.repeat(random(60))}\n`;
      const cut = isCut && index === count - 1 ? 1 + random(line.length - 1) : line.length;
      text += line.slice(0, cut);
      if (cut < line.length) partial = line.slice(cut);
    }
    appendFileSync(path, text);
    touch('app.log');
  }

  /** The names of all rotated files, one step older. */
  function shift(): string {
    if (isDated) return `app.log-202611${day++}`;
    const numbered = readdirSync(folder).filter((name) => /^app\.log\.\d/.test(name));
    for (const name of numbered.toSorted((one, other) => numberOf(other) - numberOf(one))) {
      move(name, name.replace(/\d+/, String(numberOf(name) + 1)));
    }
    return 'app.log.1';
  }

  function move(from: string, to: string): void {
    renameSync(join(folder, from), join(folder, to));
    files = new Map([...files].map(([name, lines]) => [name === from ? to : name, lines]));
    known = new Set([...known].map((name) => (name === from ? to : name)));
  }

  /** A program that closes its log ends its line. */
  function endLine(): void {
    if (partial !== undefined) append(1, false);
  }

  function begin(): void {
    writeFileSync(path, '');
    touch('app.log');
    files.set('app.log', []);
  }

  const actions: Record<string, () => void | Promise<void>> = {
    append: () => append(1 + random(5), false),
    'append a part': () => append(1 + random(3), true),
    rename() {
      endLine();
      move('app.log', shift());
      begin();
    },
    'copy and truncate'() {
      endLine();
      const to = shift();
      copyFileSync(path, join(folder, to));
      touch(to);
      files.set(to, files.get('app.log')!);
      if (known.delete('app.log')) known.add(to);
      truncateSync(path);
      begin();
    },
    compress() {
      for (const name of readdirSync(folder)) {
        if (!/^app\.log[.-]/.test(name) || /\.(gz|zst)$/.test(name)) continue;
        const isZstd = random(3) === 0;
        const to = `${name}.${isZstd ? 'zst' : 'gz'}`;
        const bytes = readFileSync(join(folder, name));
        writeFileSync(join(folder, to), isZstd ? zstdCompressSync(bytes) : gzipSync(bytes));
        // As gzip and zstd do.
        const { atime, mtime } = statSync(join(folder, name));
        utimesSync(join(folder, to), atime, mtime);
        unlinkSync(join(folder, name));
        files.set(to, files.get(name)!);
        files.delete(name);
        if (known.delete(name)) known.add(to);
      }
    },
    destroy() {
      partial = undefined;
      for (const line of files.get('app.log')!) if (!seen.has(line)) destroyed.add(line);
      // The lines that were there at the last run, and one that was not delivered yet.
      mustTell ||= known.has('app.log') && files.get('app.log')!.some((line) => seen.has(line));
      mayTell = true;
      known.delete('app.log');
      if (random(2) === 0) {
        truncateSync(path);
      } else {
        // Its inode is not used again at once, which nobody could tell from the same file.
        renameSync(path, join(folder, `gone-${life.written}-${random(1e9)}`));
      }
      begin();
    },
    async cron() {
      const words = ['--state', 'web', '--from-start', '-I', '-e', '', isGlob ? 'app.log*' : 'app.log'];
      const asJson = random(3) === 0;
      const { code, stdout, stderr } = await logsGrep(folder, asJson ? [...words, '--output', 'jsonl'] : words);
      const records = stdout.split('\n').slice(0, -1);
      const lines = asJson
        ? records
            .map((line) => JSON.parse(line) as { kind: string; text: string })
            .filter(({ kind }) => kind === 'line')
        : records.map((text) => ({ text }));
      let last = -1;
      for (const { text } of lines) {
        const number = Number(/^line (\d+) x*$/.exec(text)?.[1] ?? Number.NaN);
        if (Number.isNaN(number)) life.mistakes.push(`cut: ${text}`);
        if (number <= last) life.mistakes.push(`line ${number} after line ${last}`);
        last = number;
        seen.set(number, (seen.get(number) ?? 0) + 1);
      }
      life.delivered += lines.length;
      const expected = lines.length > 0 ? 0 : 1;
      if (code !== expected && (code !== 2 || !mayTell)) life.mistakes.push(`code ${code}: ${stdout}${stderr}`);
      if (mustTell && code !== 2) life.mistakes.push(`nothing was told of destroyed lines: ${code}`);
      mayTell = mustTell = false;
      isFirst = false;
      known = new Set(files.keys());
    },
  };
  const weights: [string, number][] = [
    ['append', 8],
    ['append a part', 4],
    ['cron', 8],
    ['rename', 3],
    ['copy and truncate', 2],
    ['compress', 2],
    ['destroy', 1],
  ];
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  begin();
  for (let step = 0; step < 25 && life.mistakes.length === 0; step++) {
    let pick = random(total);
    const [name] = weights.find(([, weight]) => (pick -= weight) < 0)!;
    life.steps.push(name);
    await actions[name]!();
  }
  append(1, false);
  for (let run = 0; run < 2 && life.mistakes.length === 0; run++) await actions['cron']!();
  expect(existsSync(path) && !isFirst).toBe(true);
  for (let number = 0; number < life.written && life.mistakes.length === 0; number++) {
    const times = seen.get(number) ?? 0;
    if (times > 1) life.mistakes.push(`line ${number} came ${times} times`);
    if (times === 0 && !destroyed.has(number)) life.mistakes.push(`line ${number} is lost`);
  }
  return life;
}

function numberOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}

test('no line is lost and none comes twice, whatever happens to a log between two runs', async () => {
  let delivered = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const life = await live(seed);
    delivered += life.delivered;
    expect([seed, life.mistakes, life.mistakes.length > 0 ? life.steps.join(', ') : '']).toEqual([seed, [], '']);
  }
  expect(delivered).toBeGreaterThan(500);
});
