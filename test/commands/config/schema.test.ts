import { expect, test } from 'vitest';
import { configJsonSchema } from '../../../src/lib/config/json-schema.ts';
import { runRealDevops } from '../../support/run-real-devops.ts';

test('text is a file for an editor, and json the same object', async () => {
  const text = await runRealDevops('config schema');
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout.endsWith('\n}\n')).toBe(true);
  const schema = await configJsonSchema();
  expect(JSON.parse(text.stdout)).toEqual(schema);
  expect(JSON.parse((await runRealDevops('config schema --json')).stdout)).toEqual(schema);
});
