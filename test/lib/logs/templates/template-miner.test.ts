import { expect, test } from 'vitest';
import { createTemplateMiner, type TemplateMiner } from '../../../../src/lib/logs/templates/template-miner.ts';

/** The same numbers in every run (xorshift). */
function createRandom(): (below: number) => number {
  let state = 2_463_534_242;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const random = createRandom();
const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)]!;
const word = (): string => Array.from({ length: 8 }, () => String.fromCharCode(97 + random(26))).join('');
const names = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy', 'mallory', 'niaj'];
const ip = (): string => `10.${random(256)}.${random(256)}.${random(256)}`;

/** What lines of a service look like; each of them is one template, whatever it is filled with. */
const shapes: (() => string)[] = [
  () => `Accepted publickey for ${pick(names)} from ${ip()} port ${random(65_536)} ssh2`,
  () => `Failed password for invalid user ${pick(names)} from ${ip()} port ${random(65_536)} ssh2`,
  () => `Connection closed by ${ip()} port ${random(65_536)} [preauth]`,
  () => `order ${random(1e9)} processed in ${random(900)} ms for customer ${random(1e6)}`,
  () => `order ${random(1e9)} rejected: card of customer ${random(1e6)} declined`,
  () => `Received block blk_-${random(1e9)} of size ${random(1e8)} from /${ip()}`,
  () => `PacketResponder ${random(3)} for block blk_${random(1e9)} terminating`,
  () => `"GET /api/users/${random(1e5)}/orders?page=${random(9)} HTTP/1.1" 200 ${random(1e5)} "-" "agent ${word()}"`,
  () => `"POST /api/login HTTP/1.1" 401 ${random(1e5)} "-" "agent ${word()}"`,
  () => `cache miss for key user:${random(1e6)}:profile, loading from replica ${pick(['east', 'west', 'north'])}`,
  () => `connection to database ${pick(names)} lost after ${random(60)}s: timeout`,
  () => `sent mail to ${pick(names)}@example.com via mx${random(4)} in 0.${random(1000)}s`,
  () => `GC pause ${random(1000)}.${random(10)}ms heap ${random(4096)}M of 4096M`,
  () => `{"level":"info","msg":"job finished","job":"${pick(names)}","took_ms":${random(1e5)}}`,
  () => `{"level":"error","msg":"job failed","job":"${pick(names)}","error":"exit ${random(256)}"}`,
  () => `retrying request ${word()}${random(1e6)} attempt ${random(9)} of 10`,
];

const mine = (lines: readonly string[], options = {}): TemplateMiner => {
  const miner = createTemplateMiner(options);
  for (const line of lines) miner.add(line);
  return miner;
};

test('lines of known templates are told apart, and lines of one are put together', () => {
  const lines = Array.from({ length: 20_000 }, () => {
    const shape = random(shapes.length);
    return { shape, line: shapes[shape]!() };
  });
  const counts = shapes.map((_, shape) => lines.filter((each) => each.shape === shape).length);
  const top = mine(lines.map(({ line }) => line)).top(100);
  // Precision and recall are both 1: as many templates as shapes, each with the lines of one.
  expect(top.map(({ count }) => count)).toEqual(counts.toSorted((a, b) => b - a));
  for (const { template, count, sample, share } of top) {
    const { shape } = lines.find(({ line }) => line === sample)!;
    expect(count, template).toBe(counts[shape]);
    expect(share).toBeCloseTo(count / 20_000, 10);
  }
});

test('a word that differs becomes a wildcard, and words that tell lines apart do not', () => {
  const top = mine(['user alice logged in', 'user bob logged in', 'user carol logged out', 'disk is full'])
    .top(9)
    .map(({ template, count }) => [template, count]);
  expect(top).toEqual([
    ['user <*> logged in', 2],
    ['user carol logged out', 1],
    ['disk is full', 1],
  ]);
});

test('a line that is as much like one template as like another belongs to the older one', () => {
  const lines = ['run a b c d', 'run x y z d', 'run x b y d'];
  expect(
    mine(lines)
      .top(9)
      .map(({ template }) => template),
  ).toEqual(['run <*> b <*> d', 'run x y z d']);
});

test('how alike lines of one template are can be chosen', () => {
  const lines = ['job alpha ended with success', 'job beta ended with failure'];
  expect(
    mine(lines, { similarity: 0.6 })
      .top(9)
      .map(({ template }) => template),
  ).toEqual(['job <*> ended with <*>']);
  expect(mine(lines, { similarity: 0.8 }).top(9)).toHaveLength(2);
});

test('the most frequent come first, those seen first before others of the same count', () => {
  const lines = ['a one', 'b two', 'b two', 'c three', 'd four', 'd four'];
  expect(mine(lines).top(3)).toEqual([
    { template: 'b two', count: 2, sample: 'b two', share: 2 / 6 },
    { template: 'd four', count: 2, sample: 'd four', share: 2 / 6 },
    { template: 'a one', count: 1, sample: 'a one', share: 1 / 6 },
  ]);
  expect(mine([]).top(3)).toEqual([]);
  expect(mine([]).counts()).toEqual({ total: 0, templates: 0, other: 0 });
});

test('the same lines give the same templates', () => {
  const lines = Array.from({ length: 5000 }, () => (random(3) === 0 ? `${word()} ${word()} x` : pick(shapes)()));
  const options = { maximum: 200 };
  expect(mine(lines, options).top(1000)).toEqual(mine(lines, options).top(1000));
});

test('a frequent template stays among ten thousands of others, and every line is counted', () => {
  const miner = createTemplateMiner({ maximum: 1000 });
  for (let index = 0; index < 50_000; index++) {
    miner.add(`${word()} ${word()} ${word()}`);
    if (index % 10 === 0) miner.add(`disk ${index} is full`);
  }
  const { total, templates, other } = miner.counts();
  expect(miner.top(1)).toMatchObject([{ template: 'disk <*> is full', count: 5000 }]);
  expect(templates).toBeLessThanOrEqual(1000);
  const shown = miner.top(templates).reduce((sum, { count }) => sum + count, 0);
  expect(total).toBe(55_000);
  expect(shown + other).toBe(total);
});

test('more words without spaces than a leaf holds are still counted one by one', () => {
  const words = Array.from({ length: 3000 }, word);
  const miner = mine([...words, ...words, ...words]);
  expect(miner.counts()).toMatchObject({ total: 9000, other: 0 });
  const top = miner.top(9999);
  expect(top).toHaveLength(new Set(words).size);
  expect(top.every(({ count }) => count >= 3)).toBe(true);
});

test('lines of 1 MB and lines that are all different take bounded time and memory', () => {
  const started = performance.now();
  const miner = createTemplateMiner();
  const long = 'x'.repeat(1_000_000);
  for (let index = 0; index < 2000; index++) miner.add(`${index % 7 === 0 ? word() : ''}${long}`);
  for (let index = 0; index < 60_000; index++) miner.add(`start ${word()} ${word()} ${word()} ${word()}`);
  expect(miner.counts()).toMatchObject({ total: 62_000 });
  expect(miner.counts().templates).toBeLessThanOrEqual(10_000);
  expect(miner.top(1)[0]!.sample.length).toBeLessThanOrEqual(1024);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('a wildcard in the log itself, and lines of nothing but numbers, do no harm', () => {
  expect(
    mine(['<*> <*>', '1 2', '[3] 4', ''])
      .top(9)
      .map(({ template, count }) => [template, count]),
  ).toEqual([
    ['<*> <*>', 3],
    ['', 1],
  ]);
});
