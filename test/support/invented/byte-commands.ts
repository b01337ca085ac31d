import { type Column, defineCommand, type Outcome, type Spec } from '../../../src/command.ts';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import type { Status } from '../../../src/lib/results/verdict.ts';
import { columns, type Item, verdicts } from './record-commands.ts';

interface Count {
  status: Status;
  count: number;
}

const countColumns: readonly Column<Count>[] = [
  { name: 'count', value: ({ count }) => count },
  { name: 'status', value: ({ status }) => status },
];

/** An item of this status, a failed one for `broken`. */
function item(word: string, at: number): Item {
  const subject = String.fromCharCode(97 + at);
  if (word !== 'broken') return { subject, status: word as Status, size: (at + 1) * 10 };
  const error = { code: 'network', message: 'no route to postgres://me:hunter22@db/x', hint: 'try it again' };
  // A failed item has none of the other fields, whatever the type says.
  return { subject, error } as unknown as Item;
}

/** The words as bytes, one a line, and what they mean for reports: letters, exit code and colour are its own, as grep's are. */
export const search = defineCommand({
  define: (spec: Spec) =>
    spec
      .argument('[status...]')
      .option('-o, --only-matching', 'in capitals')
      .option('-v, --invert-match', 'in reverse order')
      .option('-c, --count', 'records of another kind')
      .option('--color <when>')
      .option('--input <file>')
      .option('--dry-run')
      .option('--closing <status>')
      .option('--exit <code>', 'exit code', Number)
      .option('--breaks', 'after the first line'),
  shape: 'many',
  async raw(ctx, options, words: string[]): Promise<Outcome<Item | Count> | undefined> {
    if (options.count === true) return undefined;
    const shown = options.invertMatch === true ? words.toReversed() : words;
    for (const word of shown) {
      await ctx.stdout.write(`${options.onlyMatching === true ? word.toUpperCase() : word}\n`);
      if (options.breaks === true) throw new UserError('lost postgres://me:hunter22@db/x', { code: 'network' });
    }
    const { closing, exit: exitCode } = options;
    const closed = { status: closing as Status, subject: 'the whole', code: 'closing', message: `it is ${closing}` };
    return {
      results: words.map(item),
      ...(closing === undefined ? {} : { verdicts: [closed] }),
      ...(exitCode === undefined ? {} : { exitCode }),
    };
  },
  async *run(_ctx, { count }, words: string[]): AsyncGenerator<Item | Count> {
    if (count !== true) yield* words.map(item);
    else
      for (const word of new Set(words))
        yield { status: word as Status, count: words.filter((each) => each === word).length };
  },
  columns: ({ count }, judging) => [
    ...(count === true ? countColumns : columns),
    ...(judging ? [{ name: 'judged', value: () => true, programsOnly: true as const }] : []),
  ],
  verdicts: (result) => ('subject' in result ? verdicts(result) : []),
});

/** What a command may know of how it was called. */
export const asked = defineCommand({
  define: (spec: Spec) =>
    spec.option('--color <when>').option('--input <file>').option('--dry-run').option('-v, --invert-match'),
  shape: 'one',
  async *run({ quiet, judging, dryRun, terminal, stderr }, options): AsyncGenerator<object> {
    await stderr.write(`${quiet ? 'quiet' : 'loud'}, ${judging ? 'judged' : 'not judged'}\n`);
    yield { dryRun, color: terminal.color, interactive: terminal.interactive, options };
  },
  text: (record) => JSON.stringify(record),
  verdicts: () => [{ status: 'ok', subject: 'asked', code: 'asked', message: 'answered' }],
  loadMetrics: () => Promise.resolve(() => []),
});
