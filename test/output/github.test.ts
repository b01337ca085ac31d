import { expect, test } from 'vitest';
import { runDevops } from '../support/run-devops.ts';

const annotations = async (line: string) => {
  const { stderr } = await runDevops(`${line} -o github`);
  return stderr.split('\n').filter((text) => text.startsWith('::'));
};

test('annotations go to stderr beside the text on stdout, which can still be captured', async () => {
  const result = await runDevops('many ok warning critical -o github');
  expect(result).toMatchObject({ code: 1, stdout: (await runDevops('many ok warning critical')).stdout });
  expect(result.stderr).toBe(
    '::warning title=devops many%3A b::b is warning (look at b)\n::error title=devops many%3A c::c is critical (look at c)\n',
  );
});

test('what is fine is no annotation', async () => {
  expect(await annotations('many ok ok')).toEqual([]);
});

test('no name can end an annotation, begin another or reach its title', async () => {
  const found = await annotations('hostile');
  // Ten of a kind is all that GitHub shows.
  expect(found).toHaveLength(10);
  for (const line of found)
    expect(line).toMatch(/^::error title=(?:[^:,%\r\n]|%(?:25|0D|0A|3A|2C))*::(?:[^%\r\n]|%(?:25|0D|0A))+$/);
  expect(found.join('\n')).toContain('two%0Alines%0D%0Aand more%0D is critical');
  expect(found.join('\n')).toContain('::100 %25 of 50%250A is critical');
});

test.each([
  [10, 10, 'and 1 more'],
  [11, 10, 'and 2 more'],
  [9, 9, 'is critical'],
  [500, 10, 'and 491 more'],
])('%i errors are %i annotations, for GitHub drops the rest without a word', async (count, shown, last) => {
  const found = await annotations(`many ${'critical '.repeat(count)}`);
  expect(found).toHaveLength(shown);
  expect(found.at(-1)).toContain(last);
});

test('warnings have ten places of their own', async () => {
  const found = await annotations(`many ${'critical warning '.repeat(12)}`);
  expect(found.filter((line) => line.startsWith('::error '))).toHaveLength(10);
  expect(found.filter((line) => line.startsWith('::warning '))).toHaveLength(10);
});

test('a failure is an annotation, and so is a run that judged nothing', async () => {
  expect(await annotations('breaks expected')).toContainEqual(
    '::error title=devops breaks%3A breaks::lost postgres://me:[redacted]@db/x (try password=[redacted] again)',
  );
  expect(await annotations('many')).toEqual(['::error title=devops many%3A many::nothing was judged']);
});
