import type { core, ZodType } from 'zod';

/**
 * The JSON Schema of what may be written. A mapping of names to values gets `patternProperties`, which every validator
 * knows to refuse other names by; zod would say `propertyNames` beside an open `additionalProperties`.
 */
export function publishedSchema(z: typeof import('zod'), schema: ZodType): core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    override({ jsonSchema }) {
      const { propertyNames, additionalProperties } = jsonSchema;
      if (typeof propertyNames !== 'object' || typeof additionalProperties !== 'object') return;
      if (propertyNames.pattern === undefined) return;
      delete jsonSchema.propertyNames;
      jsonSchema.patternProperties = { [propertyNames.pattern]: additionalProperties };
      jsonSchema.additionalProperties = false;
    },
  });
}
