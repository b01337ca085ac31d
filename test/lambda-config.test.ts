import { expect, test } from 'vitest';
import { readConfig } from '../src/lambda-config.ts';
import { testRuntime } from './support/test-runtime.ts';

test('a function has no devops.yaml, and says so when one is asked for', async () => {
  const { runtime } = testRuntime();
  expect(await readConfig(runtime, undefined)).toMatchObject({ config: {}, origin: 'search' });
  await expect(readConfig(runtime, 'devops.yaml')).rejects.toThrow(
    "the function reads no devops.yaml, nor 'devops.yaml'",
  );
});
