import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkConfig } from '../../../src/lib/config/check-config.ts';
import { configJsonSchema } from '../../../src/lib/config/json-schema.ts';
import { formatProblem } from '../../../src/lib/config/problem.ts';

async function problemsOf(text: string): Promise<string[]> {
  const { problems } = await checkConfig(text);
  return problems.map((problem) => formatProblem(problem, '').slice(1));
}

test('a target that is there twice is refused where it stands again, however it is spelled', async () => {
  const lines = [
    'ssl-expiry:',
    '  targets:',
    '    - example.com',
    '    - target: EXAMPLE.com.:443',
    '    - https://example.com/login',
    '    - ./live/a.pem',
    '    - live//a.pem',
    '    - target: mx.example.com',
    '      starttls: smtp',
    '    - mx.example.com:25',
    '    - tls://mx.example.com:25',
  ];
  expect(await problemsOf(lines.join('\n'))).toEqual([
    `4:7: ssl-expiry.targets[1]: 'example.com:443' is there twice, first as ssl-expiry.targets[0]`,
    `5:7: ssl-expiry.targets[2]: 'example.com:443' is there twice, first as ssl-expiry.targets[0]`,
    `7:7: ssl-expiry.targets[4]: 'live//a.pem' is there twice, first as ssl-expiry.targets[3]`,
    `10:7: ssl-expiry.targets[6]: 'smtp://mx.example.com:25' is there twice, first as ssl-expiry.targets[5]`,
  ]);
});

test('what a schema alone cannot tell is refused with the place', async () => {
  const target = (text: string): string => `ssl-expiry: { targets: [{ target: a, ignore: ${text} }] }`;
  expect(await problemsOf(target('{}'))).toEqual([expect.stringMatching(/^1:46: .*neither until nor codes/)]);
  expect(await problemsOf(target('{ until: 2027-02-29 }'))).toEqual([
    expect.stringMatching(/^1:55: .*expected a date/),
  ]);
  expect(await problemsOf('ssl-expiry: { warn: "0,25%" }')).toEqual([expect.stringContaining('0 stands alone')]);
});

test('a password is neither taken nor repeated', async () => {
  for (const target of ['postgres://me:s3cret@db', 'htps://me:s3cret@db', 'smtp://me:s3/cret@mx:x', 'me:s3cret@db']) {
    const problems = await problemsOf(`ssl-expiry: { targets: ["${target}"] }`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toMatch(/s3|cret/);
  }
});

test('20,000 targets in a file are checked within seconds', async () => {
  const targets = Array.from({ length: 20_000 }, (_, index) => `a${index}.example`);
  const started = performance.now();
  const { config } = await checkConfig(`ssl-expiry: { targets: [${targets.join(', ')}] }`);
  expect(config?.['ssl-expiry']?.targets).toHaveLength(20_000);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('an editor with the published schema takes every threshold and date that we take', async () => {
  const validate = new Ajv2020({ strict: true }).compile(await configJsonSchema());
  const refused: unknown[] = [];
  const taken = { count: 0 };
  const part = fc.constantFrom('0', '7', '30', '1.5', '25', '100', '%', 'd', 'h', 'ms', ',', ', ', ' ', '-', '2h30m');
  const threshold = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  const date = fc.constantFrom(
    '2027-01-31',
    '2027-02-30',
    '2027-01-31T08:00:00Z',
    '2027-01-31 08:00:00.5+01:00',
    '2027',
  );
  await fc.assert(
    fc.asyncProperty(threshold, date, async (warn, until) => {
      const value = { 'ssl-expiry': { warn, targets: [{ target: 'a', ignore: { until } }] } };
      const { config } = await checkConfig(JSON.stringify(value));
      if (config === undefined) return;
      taken.count++;
      if (!validate(value)) refused.push(value);
    }),
    { numRuns: 200 },
  );
  expect(refused).toEqual([]);
  expect(taken.count).toBeGreaterThan(5);
});
