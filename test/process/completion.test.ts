import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completionScript, type Shell, shells } from '../../src/lib/completion/completion-script.ts';
import { requireProgram } from '../support/services.ts';

// The scripts in the real shells, at a prompt in a terminal that script(1) makes, with devops as it is on PATH: built
// when there is a build, and `npm test` makes one.

const checkout = join(import.meta.dirname, '../..');
const terminals = requireProgram('script', 'completion is not tried in a terminal');
const installed = shells.filter(
  (shell) => requireProgram(shell, `completion is not tried in a real ${shell}`) !== undefined,
);
const tried = terminals === undefined ? [] : installed;
const timeout = 60_000;

/** Home and working directory of the shells. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-completion-'));
  for (const name of ['programs', 'failing', 'empty']) mkdirSync(join(folder, name));
  symlinkSync(join(checkout, 'bin/devops'), join(folder, 'programs/devops'));
  symlinkSync(join(checkout, 'node_modules/.bin/node'), join(folder, 'programs/node'));
  writeFileSync(join(folder, 'failing/devops'), '#!/bin/sh\necho broken >&2\nexit 2\n');
  chmodSync(join(folder, 'failing/devops'), 0o755);
  for (const name of ['parts.yaml', 'my file.yaml']) writeFileSync(join(folder, name), '');
  for (const shell of shells) writeFileSync(join(folder, `devops.${shell}`), completionScript(shell));
  // What takes zsh a second, once instead of at every start.
  if (installed.includes('zsh')) {
    execFileSync('zsh', ['-f', '-c', 'autoload -Uz compinit; compinit -u -d ~/dump'], options());
  }
  for (const [name, lines] of Object.entries(startFiles)) writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Ctrl-G prints the line as it is being typed. Without complete-word, zsh itself would expand `$( )` at a Tab. */
const startFiles: Readonly<Record<string, readonly string[]>> = {
  'bash.rc': [
    `PS1='ready$ '; bind 'set bell-style none'; source ~/devops.bash`,
    `show() { printf '\\nline[[%s]]\\n' "$READLINE_LINE"; }; bind -x '"\\C-g": show'`,
  ],
  '.zshrc': [
    `PS1='ready$ '; unsetopt beep; autoload -Uz compinit; compinit -C -d ~/dump; source ~/devops.zsh`,
    `show() { print -r -- $'\\n'"line[[$BUFFER]]" }; zle -N show; bindkey -e; bindkey '^G' show; bindkey '^I' complete-word`,
  ],
  'rc.fish': [
    `function fish_prompt; echo -n 'ready$ '; end; set fish_greeting; source ~/devops.fish`,
    `bind \\cg 'printf "\\nline[[%s]]\\n" (commandline)'`,
  ],
};

const start: Readonly<Record<Shell, string>> = {
  bash: 'exec bash --noprofile --rcfile bash.rc -i',
  zsh: 'exec zsh -d -i',
  fish: 'exec fish --no-config --init-command "source rc.fish" -i',
};

function environment(programs: string): Record<string, string> {
  const path = `${join(folder, programs)}:/usr/bin:/bin`;
  return { HOME: folder, ZDOTDIR: folder, PATH: path, TERM: 'xterm', LANG: 'C.UTF-8' };
}

/** Types keys at the prompt: the line as it is then, and all that was on the screen. */
async function type(shell: Shell, keys: string, programs = 'programs'): Promise<{ line: string; screen: string }> {
  const env = { ...environment(programs), SHELL: '/bin/sh' };
  const terminal = spawn('script', ['-qfec', start[shell], '/dev/null'], { cwd: folder, env });
  try {
    await seen(terminal, /ready\$ /);
    const answer = seen(terminal, /line\[\[(.*)\]\]/);
    terminal.stdin.write(`${keys}\u0007`);
    const [screen, line] = await answer;
    return { line: line!, screen };
  } finally {
    terminal.kill('SIGKILL');
  }
}

function seen(terminal: ChildProcessWithoutNullStreams, what: RegExp): Promise<[string, string | undefined]> {
  let text = '';
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`${reason} ${what}: ${JSON.stringify(text)}`));
    const timer = setTimeout(() => fail('not seen:'), 30_000);
    terminal.on('error', reject);
    terminal.on('close', () => fail('ended before'));
    terminal.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = what.exec(text);
      if (match === null) return;
      clearTimeout(timer);
      resolve([text, match[1]]);
    });
  });
}

describe.for(tried)('at the prompt of %s, Tab', (shell) => {
  test.concurrent.for([
    ['completes a command', 'devops sysi', 'nfo '],
    ['completes a subcommand', 'devops config ch', 'eck '],
    ['completes an option', 'devops config check --log-f', 'ormat '],
    ['completes the value of an option', 'devops config check --output gi', 'thub '],
    ['completes a value behind =', 'devops config check --output=gi', 'thub '],
    ['completes the value of a short option', 'devops config check -o gi', 'thub '],
    ['completes a value in the same word', 'devops config check -ogi', 'thub '],
    ['completes the value of a leading option', 'devops -o gi', 'thub '],
    ['completes a command behind leading options', 'devops -o json --timeout=5m doc', 'tor '],
    ['completes an argument', 'devops completion z', 'sh '],
    ['completes a section of sysinfo', 'devops sysinfo disks mem', 'ory '],
    ['completes a format and leaves the cursor there', 'devops config check --report ju', 'nit='],
    ['completes the file of a report', 'devops config check --report junit=par', 'ts.yaml '],
    ['completes the file of a report behind =', 'devops config check --report=junit=par', 'ts.yaml '],
    ['completes a file', 'devops config check --config par', 'ts.yaml '],
    ['completes a file behind =', 'devops config check --config=par', 'ts.yaml '],
    ['completes no file where none is meant', 'devops config check par', ''],
    ['completes a file to redirect to', 'devops config schema > par', 'ts.yaml '],
    ['completes behind an assignment', 'DEVOPS_CONFIG=parts.yaml devops doc', 'tor '],
    ['completes behind a word in quotes', `devops --config 'my file.yaml' doc`, 'tor '],
    ['completes behind an escaped space', String.raw`devops --config my\ file.yaml doc`, 'tor '],
    ['completes a command that is called by its path', './programs/devops doc', 'tor '],
    ['completes a command that is called by its path from home', '~/programs/devops doc', 'tor '],
    ['evaluates nothing', `devops --config "$(touch ran)" doc`, 'tor '],
    ['evaluates nothing in the word at the cursor', 'devops config check --config="$(touch ran)', ''],
  ])('%s', { timeout }, async ([, typed, added]) => {
    expect((await type(shell, `${typed}\t`)).line).toBe(typed! + added!);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });

  test.concurrent('twice lists what there is', { timeout }, async () => {
    const { screen } = await type(shell, 'devops \t\t');
    for (const name of ['sysinfo', 'doctor', 'config', 'completion', 'help']) expect(screen).toContain(name);
  });

  test.concurrent.for(['empty', 'failing'])('is silent when devops is %s', { timeout }, async (programs) => {
    const { line, screen } = await type(shell, 'devops sysi\t', programs);
    expect(line).toBe('devops sysi');
    expect(screen).not.toMatch(/broken|not found|[Uu]nknown|No such/);
  });
});

test.for(tried.filter((shell) => shell !== 'fish'))('%s completes behind a redirection', { timeout }, async (shell) => {
  expect((await type(shell, 'devops 2> errors.txt doc\t')).line).toBe('devops 2> errors.txt doctor ');
});

test.skipIf(!installed.includes('bash'))('the function for bash fills COMPREPLY', () => {
  const ask = [
    'source devops.bash',
    "COMP_LINE='devops config check --output=js'; COMP_POINT=${#COMP_LINE}",
    'COMP_WORDS=(devops config check --output = js); COMP_CWORD=5',
    '_devops devops js =; printf "%s\\n" "${COMPREPLY[@]}"',
  ];
  const answer = execFileSync('bash', ['--norc', '-c', ask.join('\n')], options());
  expect(answer.split('\n')).toEqual(['json', 'jsonl', '']);
});

test.skipIf(!installed.includes('fish'))('fish gets candidates with their descriptions', () => {
  const answer = execFileSync('fish', ['--no-config', '-c', 'source devops.fish; complete -C "devops sys"'], options());
  expect(answer).toMatch(/^sysinfo\treport on this machine/);
});

test.skipIf(!installed.includes('zsh'))('zsh finds the script in its fpath, too', { timeout }, () => {
  const lines = [
    'mkdir -p functions; cp devops.zsh functions/_devops; fpath=(~/functions $fpath)',
    'autoload -Uz compinit; compinit -u -D; print -r -- $_comps[devops]',
  ];
  expect(execFileSync('zsh', ['-f', '-c', lines.join('\n')], options())).toBe('_devops\n');
});

function options(): { cwd: string; env: Record<string, string>; encoding: 'utf8' } {
  return { cwd: folder, env: environment('programs'), encoding: 'utf8' };
}
