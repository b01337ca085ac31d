import { publishedSchema } from './published-schema.ts';
import { configSchema } from './schema.ts';

/** The JSON Schema of devops.yaml (draft 2020-12) for editors and CI; the order of its keys is that of the schema. */
export async function configJsonSchema(): Promise<Record<string, unknown>> {
  const z = await import('zod');
  const { $schema, ...schema } = publishedSchema(z, await configSchema());
  return { $schema, $id: 'urn:devops-toolkit:devops.yaml', title: 'devops.yaml', ...schema };
}
