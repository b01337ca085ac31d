// The records of test/support/invented without a runner: `node bench/records-alone.ts COUNT`.
import type { Context } from '../src/context.ts';
import { records } from '../test/support/invented/record-commands.ts';

const context: Partial<Context> = {};
const iterator = records.run(context as Context, { count: Number(process.argv[2]) });
while ((await iterator.next()).done !== true);
