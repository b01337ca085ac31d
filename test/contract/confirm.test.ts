import { expect, test } from 'vitest';
import { runDevops } from '../support/run-devops.ts';

const terminal = { terminalColumns: 80, env: { NO_COLOR: '1' } };
const plan = Array.from({ length: 10 }, (_, at) => `thing-${at}`);
const question = 'Remove 10 things? [y/N] ';
const refusal = 'devops: error: not confirmed, nothing was removed\ndevops: hint: --yes does not ask\n';

test.each(['y\n', 'yes\n', 'Y\n', ' YES \n', 'y'])(
  '%j on a terminal does it, after the plan was shown on stderr',
  async (stdin) => {
    const result = await runDevops('change', { ...terminal, stdin });
    expect(result.code).toBe(0);
    for (const name of plan) expect(result.stderr).toContain(name);
    expect(result.stderr).toContain('would remove');
    expect(result.stderr.endsWith(question)).toBe(true);
    expect(result.stdout).not.toContain('would');
    expect(result.stdout.match(/removed/g)).toHaveLength(10);
  },
);

test.each(['n\n', '\n', 'yep\n', 'no\ny\n', ''])('%j does nothing, and says so with 2', async (stdin) => {
  const result = await runDevops('change', { ...terminal, stdin });
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr.endsWith(question + refusal)).toBe(true);
});

test.each([
  ['without a terminal', 'change', { stdin: 'y\n' }],
  ['with --no-input', 'change --no-input', { ...terminal, stdin: 'y\n' }],
])('%s nobody is asked: the plan is shown and nothing done', async (_, line, options) => {
  const result = await runDevops(line, options);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain('thing-9');
  expect(result.stderr).not.toContain('[y/N]');
  expect(result.stderr.endsWith(refusal)).toBe(true);
});

test.each(['change --yes', 'change -y', '-y change', 'change --yes --no-input'])(
  '%s does it without a word',
  async (line) => {
    expect(await runDevops(line)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^(thing-\d\tremoved\n){10}$/),
    });
  },
);

test.each(['change --dry-run', 'change -n', '-n change --yes'])(
  '%s says what would be done, on stdout, with 0',
  async (line) => {
    const result = await runDevops(line);
    expect(result).toMatchObject({
      code: 0,
      stderr: '',
      stdout: plan.map((name) => `${name}\twould remove\n`).join(''),
    });
  },
);

test('Ctrl-C at the question is an interruption, not an answer', async () => {
  const result = await runDevops('change', { ...terminal, interruptAfter: { milliseconds: 100, reason: 'SIGINT' } });
  expect(result).toMatchObject({ code: 130, stdout: '' });
  expect(result.stderr.endsWith(question)).toBe(true);
});

test('a question that outlives --timeout is not answered either', async () => {
  const result = await runDevops('change --timeout 100ms', terminal);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain('--timeout of 0.1s reached');
});

test('in a plan for a program, too, the question goes to stderr and the records to stdout', async () => {
  const result = await runDevops('change -o json', { ...terminal, stdin: 'y\n' });
  expect(JSON.parse(result.stdout)).toHaveLength(10);
  expect(result.stderr).toContain(question);
});
