import { describe, expect, test } from 'vitest';
import { type AnyCommand, defineCommand, type Spec } from '../src/command.ts';
import type { CommandTable } from '../src/command-table.ts';
import { completionLines } from '../src/completion.ts';

interface Copied {
  file: string;
}

async function* nothing(): AsyncGenerator<Copied> {}

const copy = defineCommand({
  define: (spec: Spec) =>
    spec
      .argument('<speed>', 'how fast')
      .argument('[folders...]', 'what to copy')
      .option('-l, --level <number>', 'how small')
      .option('-k, --keep', 'keep the original')
      .option('--to <place>', 'where to'),
  complete: { speed: () => ['fast', 'slow'], '--to': () => ['disk one', 'disk:two', 'tape\nrm'] },
  shape: 'many',
  changes: true,
  run: nothing,
  columns: [{ name: 'file', value: ({ file }: Copied) => file }],
  formats: { ansible: () => '' },
});

const tags = defineCommand({
  define: (spec: Spec) => spec.argument('[tags...]', 'which'),
  complete: { tags: () => ['red', 'green', 'blue'] },
  shape: 'one',
  run: nothing,
});

const table: CommandTable = {
  copy: entry('copy a thing', copy),
  'tag list': entry('list tags', tags),
  'tag drop': entry('drop tags', tags),
};

function entry(summary: string, command: AnyCommand): CommandTable[string] {
  return { summary, load: () => Promise.resolve({ default: command }) };
}

/** The candidates for the last of the words that a line is made of, which stand on it as written here. */
async function candidates(line: string): Promise<string[]> {
  const lines = await completionLines(table, 'bash', line.split(/(?<!\\) /));
  return lines.split('\n').slice(0, -1);
}

describe('names', () => {
  test.for([
    ['', ['copy', 'tag', 'help']],
    ['t', ['tag']],
    ['tag ', ['list', 'drop']],
    ['tag d', ['drop']],
    ['help ', ['copy', 'tag']],
    ['help tag l', ['list']],
    ['unknown ', []],
    ['toString ', []],
    ['tag unknown ', []],
    ['tag list more', []],
  ] as const)('%j gives %j', async ([line, expected]) => {
    expect(await candidates(line)).toEqual(expected);
  });
});

describe('options', () => {
  test.for([
    ['--ver', ['--verbose', '--version']],
    ['--he', ['--help']],
    ['tag --', ['--help']],
    ['copy --le', ['--level']],
    ['copy --dry', ['--dry-run']],
    ['tag list --dry', []],
    ['copy fast --ke', ['--keep']],
    ['copy -k', ['-k']],
    ['copy --json --ke', ['--keep']],
  ] as const)('%j gives %j', async ([line, expected]) => {
    expect(await candidates(line)).toEqual(expected);
  });

  test('a dash alone lists all of them, those of the command first', async () => {
    const found = await candidates('copy -');
    expect(found.slice(0, 3)).toEqual(['--level', '--keep', '--to']);
    expect(found).toContain('--output');
    expect(found.every((option) => option.startsWith('--'))).toBe(true);
  });
});

describe('values', () => {
  test.for([
    ['copy --output js', ['json', 'jsonl']],
    ['copy --output=js', ['--output=json', '--output=jsonl']],
    ['copy -o js', ['json', 'jsonl']],
    ['copy -ojs', ['-ojson', '-ojsonl']],
    ['copy -ko an', ['ansible']],
    ['copy -o ju', []],
    ['copy --report an', ['ansible=']],
    ['copy --fail-on ', ['warning', 'critical']],
    ['copy --log-format=j', ['--log-format=json']],
    ['copy --level ', []],
    ['copy --keep=', []],
    ['copy --unknown=', []],
    ['-o js', ['json', 'jsonl']],
    ['-ojs', ['-ojson', '-ojsonl']],
    ['--output=nag', ['--output=nagios']],
    ['--fail-on c', ['critical']],
    ['--timeout ', []],
    ['-o json co', ['copy']],
    ['-ojson --json --timeout=5m co', ['copy']],
    ['-ojson copy f', ['fast']],
    ['--timeout 5m tag dr', ['drop']],
    ['--timeout 5m copy -o cs', ['csv']],
  ] as const)('%j gives %j', async ([line, expected]) => {
    expect(await candidates(line)).toEqual(expected);
  });
});

describe('arguments', () => {
  test.for([
    ['copy ', ['fast', 'slow']],
    ['copy --level 9 --keep f', ['fast']],
    ['copy -k f', ['fast']],
    ['tag list red ', ['green', 'blue']],
    ['tag list red -q b', ['blue']],
    ['tag list red red', []],
  ] as const)('%j gives %j', async ([line, expected]) => {
    expect(await candidates(line)).toEqual(expected);
  });
});

describe('files are left to the shell', () => {
  test.for([
    ['copy fast ', ':files 0'],
    ['copy fast one t', ':files 0'],
    ['copy --config ', ':files 0'],
    ['copy --config=/etc/de', ':files 9'],
    ['--config x', ':files 0'],
    ['copy --report junit=', ':files 6'],
    ['copy --report=junit=re', ':files 15'],
    ['copy -- ', ':files 0'],
    ['copy >', ':files 0'],
    ['copy 2>> err', ':files 0'],
    ['copy &>err', ':files 0'],
  ] as const)('%j gives %j', async ([line, expected]) => {
    expect(await candidates(line)).toEqual([expected]);
  });

  test('a redirection that is finished is no word of ours', async () => {
    expect(await candidates('copy 2>&1 < in --level 9 >out f')).toEqual(['fast']);
  });
});

describe('the words of the line', () => {
  test.for([
    [['--config', `'my file'`, 'co'], 'copy\n'],
    [['--config', String.raw`my\ file`, 'co'], 'copy\n'],
    [['--config', '$(reboot)', 'co'], 'copy\n'],
    [['--config', '`reboot`', 'co'], 'copy\n'],
    [['"co'], 'copy\n'],
    [['copy', `"fast"`, '-o', `'js`], 'json\njsonl\n'],
    [['copy', '--output="js'], '--output=json\n--output=jsonl\n'],
    [['copy', '--to', `"disk o`], 'disk one\n'],
    [['copy', '--to', String.raw`disk\ `], 'disk\\ one\n'],
    [['\u0000', '\u001B[2J', ''], ''],
    [[], 'copy\ntag\nhelp\n'],
  ] as const)('%j give %j', async ([words, expected]) => {
    expect(await completionLines(table, 'bash', words)).toBe(expected);
  });
});

describe('each shell gets candidates in its own form', () => {
  test.for([
    ['bash', 'disk\\ one\ndisk:two\n'],
    ['zsh', 'disk one\ndisk\\:two\n'],
    ['fish', 'disk one\ndisk:two\n'],
    ['tcsh', ''],
  ] as const)('%s, and one with a line feed never', async ([shell, expected]) => {
    expect(await completionLines(table, shell, ['copy', '--to', ''])).toBe(expected);
  });

  test('zsh and fish show descriptions', async () => {
    expect(await completionLines(table, 'zsh', ['t'])).toBe('tag:several subcommands\n');
    expect(await completionLines(table, 'fish', ['tag', 'd'])).toBe('drop\tdrop tags\n');
  });
});

test('only the command that is named is loaded', async () => {
  const heavy = { summary: 'heavy', load: () => Promise.reject(new Error('loaded')) };
  const guarded: CommandTable = { ...table, heavy };
  expect(await completionLines(guarded, 'bash', ['copy', 'f'])).toBe('fast\n');
  await expect(completionLines(guarded, 'bash', ['heavy', ''])).rejects.toThrow('loaded');
});
