import { defineCommand, type Spec } from '../../command.ts';
import { addTargetOptions } from '../../aws-options.ts';

export default defineCommand({
  define: (spec: Spec) => addTargetOptions(spec).argument('[words...]'),
  shape: 'many',
  // eslint-disable-next-line require-yield -- a placeholder
  async *run(_ctx, options, words: string[]): AsyncGenerator<{ id: string }> {
    throw new Error(`not there yet: ${options.region.length + words.length}`);
  },
});
