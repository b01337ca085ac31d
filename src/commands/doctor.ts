import { defineCommand, type Spec } from '../command.ts';

export default defineCommand({
  define: (spec: Spec) => spec,
  shape: 'one',
  async *run(): AsyncGenerator<{ host: string }> {
    yield { host: 'x' };
  },
  text: ({ host }) => host,
});
