import { writeFileSync } from 'node:fs';
import { defineCommand, type Outcome, type Spec } from '../../../src/command.ts';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { columns, type Item, verdicts } from './record-commands.ts';

/** Bytes that are no UTF-8, or with --hand-over nothing, so that the records are asked. */
export const bytes = defineCommand({
  define: (spec: Spec) => spec.option('--hand-over').option('--endless').option('--tidy <file>'),
  shape: 'many',
  async raw(ctx, { handOver, endless, tidy }): Promise<Outcome | undefined> {
    if (handOver === true) return undefined;
    try {
      await ctx.stdout.write(new Uint8Array([0xff, 0xfe, 0x00, 0x0a]));
      for (let more = endless === true; more; more = !ctx.signal.aborted) {
        await ctx.stdout.write('more\n');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (tidy !== undefined) writeFileSync(tidy, 'tidied');
    }
    return {};
  },
  async *run(): AsyncGenerator<{ line: string }> {
    yield { line: 'a record' };
  },
  text: ({ line }) => line,
});

/** Somebody else's exit code. */
export const child = defineCommand({
  define: (spec: Spec) => spec.argument('[word...]'),
  shape: 'many',
  async *run(ctx): AsyncGenerator<{ words: readonly string[] }, Outcome> {
    yield { words: ctx.afterDoubleDash ?? ['none'] };
    return { exitCode: 77 };
  },
  text: ({ words }) => words.join(' '),
});

interface Change {
  subject: string;
  state: 'would remove' | 'removed';
}

/** Removes ten things after asking, a millisecond each. */
export const change = defineCommand({
  define: (spec: Spec) => spec.option('--done <file>'),
  shape: 'many',
  changes: true,
  async *run(ctx, { done }): AsyncGenerator<Change, Outcome | void> {
    const plan = Array.from({ length: 10 }, (_, at): Change => ({ subject: `thing-${at}`, state: 'would remove' }));
    if (ctx.dryRun) return yield* plan;
    if (!(await ctx.confirm(plan, 'Remove 10 things?'))) {
      throw new UserError('not confirmed, nothing was removed', { hints: ['--yes does not ask'] });
    }
    for (const { subject } of plan) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield { subject, state: 'removed' };
    }
    if (done !== undefined) writeFileSync(done, 'all removed');
    return undefined;
  },
  columns: [
    { name: 'subject', value: ({ subject }) => subject },
    { name: 'state', value: ({ state }) => state },
  ],
});

interface Tick {
  line: string;
}

export const ticks = defineCommand({
  define: (spec: Spec) => spec,
  shape: 'many',
  endless: () => 'stream',
  async *run(ctx): AsyncGenerator<Tick> {
    for (let at = 0; !ctx.signal.aborted; at++) {
      yield { line: `tick ${at}` };
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  },
  text: ({ line }) => line,
});

/** Never waits for anything but itself. */
export const spin = defineCommand({
  define: (spec: Spec) => spec,
  shape: 'many',
  endless: () => 'stream',
  async *run(): AsyncGenerator<Tick> {
    for (let at = 0; ; at++) yield { line: `spin ${at}` };
  },
  text: ({ line }) => line,
});

export const watch = defineCommand({
  define: (spec: Spec) => spec,
  shape: 'one',
  endless: () => 'live',
  async *run(): AsyncGenerator<Tick> {
    for (let at = 0; ; at++) {
      yield { line: `picture ${at}` };
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  },
  text: ({ line }, { previous }) => `${line}\nafter ${previous?.length ?? 0}`,
});

/** Two items, then it waits for what never comes, and no abort reaches it. */
export const hangs = defineCommand({
  define: (spec: Spec) => spec,
  shape: 'many',
  async *run(): AsyncGenerator<Item> {
    yield { subject: 'a', status: 'ok', size: 1 };
    yield { subject: 'b', status: 'critical', size: 2 };
    await new Promise(() => undefined);
  },
  sort: (a, b) => b.subject.localeCompare(a.subject),
  columns,
  verdicts,
});

/** The same, but it ends as soon as it is told to. */
export const waits = defineCommand({
  ...hangs,
  async *run(ctx): AsyncGenerator<Item> {
    yield { subject: 'a', status: 'ok', size: 1 };
    yield { subject: 'b', status: 'critical', size: 2 };
    await new Promise((_, reject) => {
      const timer = setTimeout(() => undefined, 60_000);
      ctx.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(ctx.signal.reason);
      });
    });
  },
});

/** Puts things in order for 300 ms when it is stopped, and notes that it did. */
export const tidies = defineCommand({
  define: (spec: Spec) => spec.argument('<file>'),
  shape: 'many',
  async *run(ctx, _options, file: string): AsyncGenerator<Item> {
    try {
      yield { subject: 'a', status: 'ok', size: 1 };
      await new Promise((_, reject) => {
        const timer = setInterval(() => undefined, 1000);
        ctx.signal.addEventListener('abort', () => {
          clearInterval(timer);
          reject(ctx.signal.reason);
        });
      });
    } finally {
      await new Promise((resolve) => setTimeout(resolve, 300));
      writeFileSync(file, 'tidied');
    }
  },
  columns,
  verdicts,
});

/** A defect in a callback that no `catch` of ours sees; only for a process of its own. */
export const crashes = defineCommand({
  define: (spec: Spec) => spec.option('--drained', 'wait for nothing at all'),
  shape: 'many',
  async *run(_ctx, { drained }): AsyncGenerator<Item> {
    yield { subject: 'a', status: 'ok', size: 1 };
    if (drained !== true) setTimeout(() => [].at(0)!['x'], 20);
    await new Promise(() => undefined);
  },
  columns,
  verdicts,
});

export const logs = defineCommand({
  define: (spec: Spec) => spec.option('--times <n>', 'how often', Number, 1),
  shape: 'many',
  async *run(ctx, { times }): AsyncGenerator<Tick> {
    for (let attempt = 1; attempt <= times; attempt++) {
      ctx.log.debug('connecting', { url: 'https://me:hunter22@example.test/', attempt });
    }
    ctx.log.warn('slow\nanswer', { token: 'hunter22', headers: { authorization: 'Bearer hunter22hunter22' } });
    yield { line: 'done' };
    ctx.log.error('last words');
  },
  text: ({ line }) => line,
});

export const progresses = defineCommand({
  define: (spec: Spec) => spec,
  shape: 'many',
  async *run(ctx): AsyncGenerator<Tick> {
    for (const [at, line] of ['a', 'b', 'c'].entries()) {
      ctx.progress.update('working', at, 3);
      yield { line };
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
  text: ({ line }) => line,
});

/** Never ends, whatever it is told; only for a process of its own. */
export const stuck = defineCommand({
  define: (spec: Spec) => spec.option('--live'),
  shape: 'many',
  endless: ({ live }) => (live === true ? 'live' : 'stream'),
  async *run(): AsyncGenerator<Tick> {
    yield { line: 'stuck' };
    for (;;) await new Promise((resolve) => setTimeout(resolve, 1000));
  },
  text: ({ line }) => line,
});
