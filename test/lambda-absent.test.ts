import { pino as realPino } from 'pino';
import { expect, test } from 'vitest';
import { defaultProvider, dump, fromIni, fromTokenFile, pino } from '../src/lambda-absent.ts';
import { readConfig } from '../src/lambda-config.ts';
import { testRuntime } from './support/test-runtime.ts';

test('log lines of a function are those of the command line', () => {
  const lines: string[] = [];
  const sink = { write: (line: string) => void lines.push(line) };
  const options = {
    level: 'debug',
    base: { name: 'devops' },
    timestamp: false,
    formatters: { level: (level: string) => ({ level }) },
  };
  const real = realPino(options, sink);
  const own = pino(options, sink);
  const fields = { time: '2026-11-20T19:00:00Z', count: 3, stack: undefined, text: 'a "b"\n' };
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    real[level](fields, 'what happened');
    own[level](fields, 'what happened');
  }
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.every((line) => line.endsWith('}\n'))).toBe(true);
  expect(parsed.filter((_, at) => at % 2 === 1)).toEqual(parsed.filter((_, at) => at % 2 === 0));
});

test.each([
  [fromIni, 'a function has no profiles'],
  [fromTokenFile, 'a function has no token of a pod'],
  [dump, 'a function writes no yaml'],
  [defaultProvider, 'this build is without the default chain'],
])('what is not there says so: $1', (absent, message) => {
  expect(absent).toThrow(message);
});

test('a function has no devops.yaml, and says so when one is asked for', async () => {
  const { runtime } = testRuntime();
  expect(await readConfig(runtime, undefined)).toMatchObject({ config: {}, origin: 'search' });
  await expect(readConfig(runtime, 'devops.yaml')).rejects.toThrow(
    "the function reads no devops.yaml, nor 'devops.yaml'",
  );
});
