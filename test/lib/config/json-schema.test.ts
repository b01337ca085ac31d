import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { checkConfig } from '../../../src/lib/config/check-config.ts';
import { configJsonSchema } from '../../../src/lib/config/json-schema.ts';

interface Node {
  type?: string;
  description?: string;
  properties?: Record<string, Node>;
  patternProperties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  oneOf?: Node[];
  additionalProperties?: boolean;
}

const ajv = new Ajv2020({ strict: true });

test('it is a valid schema of draft 2020-12, the same text every time', async () => {
  const schema = await configJsonSchema();
  expect(Object.keys(schema).slice(0, 3)).toEqual(['$schema', '$id', 'title']);
  expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(ajv.validateSchema(schema)).toBe(true);
  expect(JSON.stringify(await configJsonSchema())).toBe(JSON.stringify(schema));
});

test('every key is described by a sentence, and no mapping takes unknown keys', async () => {
  const lacking: string[] = [];
  const visit = (node: Node, path: string): void => {
    if (node.type === 'object' && node.additionalProperties !== false) lacking.push(`${path} is open`);
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      if (!/^[A-Z].*\.$/.test(child.description ?? '')) lacking.push(`${path}.${key}`);
      visit(child, `${path}.${key}`);
    }
    if (node.items !== undefined) visit(node.items, `${path}[]`);
    for (const child of Object.values(node.patternProperties ?? {})) visit(child, `${path}.NAME`);
    for (const form of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) visit(form, path);
  };
  visit(await configJsonSchema(), '');
  expect(lacking).toEqual([]);
});

test('an independent validator takes what we take, and refuses what we refuse', async () => {
  const validate = ajv.compile({ ...(await configJsonSchema()), $id: 'urn:test:cases' });
  const folder = join(import.meta.dirname, '../../cases/config');
  const disagreements: string[] = [];
  let compared = 0;
  for (const name of readdirSync(folder)) {
    const [yaml] = readFileSync(join(folder, name), 'utf8').split('====\n');
    const value = valueOf(yaml!);
    if (value === undefined) continue;
    compared++;
    const { config } = await checkConfig(yaml!);
    if (validate(value) !== (config !== undefined)) disagreements.push(name);
  }
  expect(compared).toBeGreaterThan(10);
  expect(disagreements).toEqual([]);
});

/** Undefined where js-yaml itself, or the file, leaves nothing to validate. */
function valueOf(yaml: string): unknown {
  try {
    return load(yaml) ?? undefined;
  } catch {
    return undefined;
  }
}

test('the pattern of durations takes what the duration parser takes', async () => {
  const validate = ajv.compile({ ...(await configJsonSchema()), $id: 'urn:test:durations' });
  const part = fc.constantFrom('0', '1', '90', '1.5', '.', 's', 'm', 'ms', 'h', 'd', 'w', 'S', ' ', '-', '\n', '٣');
  const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, async (sample) => {
      const value = { sysinfo: { sample } };
      const { config } = await checkConfig(JSON.stringify(value));
      expect(validate(value)).toBe(config !== undefined);
    }),
    { numRuns: 1000 },
  );
});
