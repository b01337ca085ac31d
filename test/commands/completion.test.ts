import { expect, test } from 'vitest';
import { completionScript, shells } from '../../src/lib/completion/completion-script.ts';
import { runRealDevops } from '../support/run-real-devops.ts';

// The scripts in the real shells are in test/process/completion.test.ts.

test.each(shells)('%s: the script and nothing else, and as json with the name of its shell', async (shell) => {
  const script = completionScript(shell);
  expect(await runRealDevops(`completion ${shell}`)).toEqual({
    code: 0,
    stdout: `${script.trimEnd()}\n`,
    stderr: '',
  });
  expect(JSON.parse((await runRealDevops(`completion ${shell} --json`)).stdout)).toEqual({ shell, script });
});

test.each([
  ['tcsh', 'write one of bash, zsh, fish'],
  ['bsh', "did you mean 'bash'?"],
  ['ZSH', "did you mean 'zsh'?"],
])('for %s there is none: one line, a hint and 2', async (shell, hint) => {
  expect(await runRealDevops(`completion ${shell}`)).toEqual({
    code: 2,
    stdout: '',
    stderr: `devops: error: there is no completion for the shell '${shell}'\ndevops: hint: ${hint}\n`,
  });
});

test('without a shell it is told which there are', async () => {
  const { code, stderr } = await runRealDevops('completion');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^devops: error: missing required argument 'shell'\n/);
});
