import { expect, test } from 'vitest';
import { commands } from '../../src/commands.ts';
import { sharedOptions } from '../../src/shared-options.ts';
import { buildSpec } from '../../src/spec.ts';
import { runDevops, type RunOptions } from '../support/run-devops.ts';

const asked = async (line: string, options: RunOptions = {}) =>
  JSON.parse((await runDevops(line, options)).stdout) as Record<string, unknown>;

test('an option of a command keeps its value beside the shared one that is its opposite', async () => {
  const terminal: RunOptions = { terminalColumns: 80 };
  const all = '--color never --input file --dry-run -v';
  const own = { color: 'never', input: 'file', dryRun: true, invertMatch: true };
  expect(await asked(`asked ${all}`, terminal)).toMatchObject({
    color: true,
    interactive: true,
    dryRun: false,
    options: own,
  });
  const shared = { color: false, interactive: false, dryRun: false };
  expect(await asked(`asked ${all} --no-color --no-input`, terminal)).toMatchObject({ ...shared, options: own });
  expect(await asked(`asked --no-color --no-input ${all}`, terminal)).toMatchObject({ ...shared, options: own });
  expect(await asked('--no-color --no-input asked', terminal)).toMatchObject({ ...shared, options: {} });
  expect((await asked('asked --no-color', terminal))['options']).toEqual({});
  expect(await asked('asked --color=always')).toMatchObject({ color: false, options: { color: 'always' } });
});

test.each([
  ['', 'loud, not judged'],
  ['-q', 'quiet, not judged'],
  ['--json -q', 'quiet, not judged'],
  ['-o yaml', 'loud, not judged'],
  ['--report jsonl=/dev/null', 'loud, judged'],
  ['-o junit', 'loud, judged'],
  ['-o github', 'loud, judged'],
  ['-o nagios', 'loud, judged'],
  ['-o prometheus', 'loud, judged'],
])('a command called with "%s" knows that it is %s', async (line, known) => {
  expect((await runDevops(`asked ${line}`)).stderr).toBe(`${known}\n`);
});

test('behind its name a letter is what the command takes it for, before it and in its long form it is shared', async () => {
  expect(await runDevops('search -o ok warning -v')).toMatchObject({ code: 1, stdout: 'WARNING\nOK\n', stderr: '' });
  expect(await runDevops('-o jsonl -v search ok')).toMatchObject({
    stdout: '{"subject":"a","status":"ok","size":10}\n',
  });
  expect((await runDevops('search ok -o --output jsonl')).stdout).toBe('{"subject":"a","status":"ok","size":10}\n');
});

test.each(['nagios', 'json'])('so a mistake beside -o %s is told in words', async (word) => {
  for (const line of [`search -o ${word} --closng`, `search --closng -o ${word}`, `search -o${word} --closng`]) {
    const result = await runDevops(line);
    expect(result, line).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr, line).toMatch(/^devops: error: unknown option /);
  }
  expect(await runDevops(`search -o ${word} --breaks`)).toMatchObject({
    code: 2,
    stdout: `${word.toUpperCase()}\n`,
    stderr: expect.stringMatching(/^devops: error: lost /),
  });
});

test('and in the format that was asked for before the name or in full', async () => {
  for (const line of [
    '-o nagios search --closng',
    '-qonagios search -o json --closng',
    'search -o --output nagios --closng',
  ]) {
    expect(await runDevops(line), line).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^UNKNOWN - /),
      stderr: '',
    });
  }
  for (const line of [
    '-o json search --closng',
    '--json search -o nagios --closng',
    'search -o nagios --closng --json',
  ]) {
    const result = await runDevops(line);
    expect(result, line).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(result.stderr), line).toMatchObject({ error: { code: 'usage' } });
  }
});

test('the table of all commands names the letters that each has taken for itself', async () => {
  for (const [name, { load, ownLetters = '' }] of Object.entries(commands)) {
    const spec = buildSpec(name, (await load()).default);
    const taken = sharedOptions.flatMap(({ long, short }) => {
      const owner = spec.options.find((option) => option.short === short);
      return short === undefined || owner?.long === long ? [] : [short[1]!];
    });
    expect(ownLetters.split('').toSorted(), name).toEqual(taken.toSorted());
  }
});
