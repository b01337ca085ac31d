import { type Column, defineCommand, type Outcome, type Spec } from '../../../src/command.ts';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import type { Metric } from '../../../src/lib/results/metric.ts';
import type { Status, Verdict } from '../../../src/lib/results/verdict.ts';

export interface Item {
  subject: string;
  status: Status;
  size: number;
}

/** Names that break whatever is built by pasting text together. */
export const hostileNames = [
  'plain',
  '100 % of 50%0A',
  '\u001B[31mred\u001B[0m',
  'two\nlines\r\nand more\r',
  '::error::not mine',
  "a|b;c='d' e=f",
  '<tag attr="x">&amp;]]>',
  'lone \uD800 surrogate \uDFFF',
  'nul\0bell\u0007 c1\u009B31m',
  '"quoted", and, commas',
  ' lead\tand trail ',
  'text \u202Egnihtyna\u202C',
  '日本語 👩‍👩‍👧 ÅÄ',
  'back\\slash {label="x"} # HELP',
  'yes',
  '012',
  '2026-11-20',
  '',
  '-',
  '=1+1',
];

export const columns: readonly Column<Item>[] = [
  { name: 'subject', value: ({ subject }) => subject },
  { name: 'status', value: ({ status }) => status },
  { name: 'size', value: ({ size }) => size, align: 'right' },
];

export const verdicts = ({ subject, status }: Item): Verdict[] => [
  { status, subject, code: 'size', message: `${subject} is ${status}`, hint: `look at ${subject}` },
];

export const metrics = ({ subject, size }: Item): Metric[] => [
  {
    name: 'devops_invented_size_bytes',
    help: 'Size of an invented \\ item,\nin bytes.',
    type: 'gauge',
    labels: { subject },
    value: size,
    performance: { label: subject, value: size, unit: 'B', warning: '80', critical: '@10:20', minimum: 0 },
  },
];

const formats = { names: (items: readonly Item[]) => `${items.map(({ subject }) => subject).join(' ')}\n` };
const loadMetrics = () => Promise.resolve(metrics);
const parts = { columns, verdicts, loadMetrics, formats };

/** One item for each status in the arguments, named `a`, `b` and so on, sorted backwards in a table. */
export const many = defineCommand({
  define: (spec: Spec) => spec.argument('[status...]').option('--closing <status>').option('--name <name>'),
  shape: 'many',
  async *run(_ctx, { closing, name }, statuses: string[]): AsyncGenerator<Item, Outcome | void> {
    for (const [at, status] of statuses.entries()) {
      yield { subject: name ?? String.fromCharCode(97 + at), status: status as Status, size: (at + 1) * 10 };
    }
    if (closing === undefined) return undefined;
    return {
      verdicts: [{ status: closing as Status, subject: 'the whole', code: 'closing', message: `it is ${closing}` }],
    };
  },
  sort: (a, b) => b.subject.localeCompare(a.subject),
  ...parts,
});

interface Report {
  host: string;
  items: Item[];
}

/** One report whose items have the statuses in the arguments. */
export const report = defineCommand({
  define: (spec: Spec) => spec.argument('[status...]'),
  shape: 'one',
  async *run(_ctx, _options, statuses: string[]): AsyncGenerator<Report> {
    const items = statuses.map((status, at) => ({ subject: `item ${at}`, status: status as Status, size: at }));
    yield { host: 'h', items };
  },
  text: ({ host, items }, { unicode }) => `host ${host}: ${items.length} items ${unicode ? '█' : '#'}`,
  verdicts: ({ items }) => items.flatMap(verdicts),
  loadMetrics: () => Promise.resolve(({ items }: Report) => items.flatMap(metrics)),
});

export const hostile = defineCommand({
  define: (spec: Spec) => spec.option('--fail', 'every item fails').option('--times <n>', 'how often', Number, 1),
  shape: 'many',
  async *run(_ctx, { fail, times }): AsyncGenerator<Item> {
    for (const subject of Array.from({ length: times }, () => hostileNames).flat()) {
      const error = { code: 'broken', message: `cannot read ${subject}`, hint: `look at ${subject}` };
      // A failed item has none of the other fields, whatever the type says.
      if (fail === true) yield { subject, error } as unknown as Item;
      else yield { subject, status: 'critical', size: 1 };
    }
  },
  ...parts,
});

/** A good item, a failed one with a secret in its message, a good one whose field `error` means something else. */
export const failing = defineCommand({
  define: (spec: Spec) => spec,
  shape: 'many',
  async *run(): AsyncGenerator<Item> {
    yield { subject: 'a', status: 'ok', size: 1 };
    const message = 'no route to postgres://me:hunter22@db/x';
    yield { subject: 'b', error: { code: 'network', message, hint: 'try it again' } } as unknown as Item;
    yield { subject: 'c', status: 'ok', size: 3, error: null } as unknown as Item;
    yield { subject: 'd', status: 'ok', size: 4, error: 'is a word here' } as unknown as Item;
  },
  ...parts,
});

/** Two items, then the end that the argument names. */
export const breaks = defineCommand({
  define: (spec: Spec) => spec.argument('<how>'),
  shape: 'many',
  async *run(_ctx, _options, how: string): AsyncGenerator<Item> {
    yield { subject: 'a', status: 'ok', size: 1 };
    yield { subject: 'b', status: 'critical', size: 2 };
    if (how === 'expected') {
      throw new UserError('lost postgres://me:hunter22@db/x', {
        code: 'network',
        hints: ['try password=hunter22 again'],
      });
    }
    if (how === 'busy') throw new UserError('somebody else is at it', { code: 'busy' });
    throw new TypeError(`cannot read "x" of undefined: ${how}`);
  },
  ...parts,
});

/** Text of many records: the cheapest thing that a command can be. */
export const records = defineCommand({
  define: (spec: Spec) => spec.option('--count <n>', 'how many', Number, 500_000),
  shape: 'many',
  async *run(_ctx, { count }): AsyncGenerator<{ line: string }> {
    for (let at = 0; at < count; at++) yield { line: `record ${at}` };
  },
  text: ({ line }) => line,
});

/** A value that JSON has no word for. */
export const unwritable = defineCommand({
  define: (spec: Spec) => spec,
  shape: 'many',
  async *run(): AsyncGenerator<{ size: bigint }> {
    yield { size: 1n };
  },
  text: ({ size }) => String(size),
});
