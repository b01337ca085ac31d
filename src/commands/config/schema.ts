import { defineCommand, type Spec } from '../../command.ts';

export default defineCommand({
  description: 'Print the JSON Schema of devops.yaml, for editors that complete and check while you type.',
  examples: [{ command: 'devops config schema > devops.schema.json', what: 'a file for your editor' }],
  define: (spec: Spec) => spec,
  shape: 'one',
  async *run(): AsyncGenerator<Record<string, unknown>> {
    const { configJsonSchema } = await import('../../lib/config/json-schema.ts');
    yield await configJsonSchema();
  },
  text: (schema) => JSON.stringify(schema, null, 2),
});
