import { defineCommand, type Spec } from '../../command.ts';
import type { ConfigSetting } from '../../lib/config/show.ts';

export default defineCommand({
  description:
    'Print every setting that counts and where it comes from: file, line and column, an option or the default.',
  examples: [
    { command: 'devops config show', what: 'which devops.yaml is read, and what it says' },
    { command: 'devops config show --json', what: 'the same for a program' },
  ],
  define: (spec: Spec) => spec,
  shape: 'many',
  async *run(ctx): AsyncGenerator<ConfigSetting> {
    const { configSettings } = await import('../../lib/config/show.ts');
    yield* configSettings(await ctx.config());
  },
  columns: [
    { name: 'key', value: ({ key }) => key },
    { name: 'value', value: ({ value }) => cellOf(value) },
    { name: 'source', value: ({ source }) => source },
  ],
});

function cellOf(value: unknown): string {
  if (value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
