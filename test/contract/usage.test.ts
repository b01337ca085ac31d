import { expect, test } from 'vitest';
import { runDevops } from '../support/run-devops.ts';

test.each([
  ['mnay', "unknown command 'mnay'", "did you mean 'devops many'?"],
  ['nothing-like-it', "unknown command 'nothing-like-it'", 'devops --help lists all commands'],
  ['group', "'group' needs a subcommand", 'write one of: devops group one'],
  ['group oen', "unknown command 'group oen'", "did you mean 'devops group one'?"],
  ['many --ouput=json', "unknown option '--ouput'", "did you mean '--output'?"],
  ['--ouput=json many', "unknown option '--ouput'", "did you mean '--output'?"],
  ['many --clsing ok', "unknown option '--clsing'", "did you mean '--closing'?"],
  ['many -Z', "unknown option '-Z'", 'devops many --help lists its options'],
  ['-Z many', "unknown option '-Z'", 'devops --help lists all commands'],
  ['many --name', "option '--name <name>' argument missing", 'devops many --help shows how it is called'],
  ['--output', "option '--output' needs a value: <format>", undefined],
  ['--quiet=yes many', "option '--quiet' takes no value", undefined],
  ['breaks', "missing required argument 'how'", 'devops breaks --help shows how it is called'],
  [
    'records 5',
    'too many arguments. Expected 0 arguments but got 1: 5.',
    'devops records --help shows how it is called',
  ],
  ['many -o josn', "unknown format 'josn'", "did you mean 'json'?"],
  ['many --timeout soon', "option '--timeout': 'soon' is not a duration", expect.stringContaining('90s')],
  ['many --timeout 0', "option '--timeout' needs more than 0", undefined],
  ['many --fail-on all', "option '--fail-on': 'all' is not one of warning, critical", undefined],
  ['many --log-format xml', "option '--log-format': 'xml' is not one of text, json", undefined],
  ['many --report junit', "option '--report': 'junit' is not FORMAT=FILE", 'for example --report junit=report.xml'],
  ['many --report xunit=x', "unknown format 'xunit'", "did you mean 'junit'?"],
  ['many --json -o csv', '--json and --output csv contradict each other', undefined],
  ['many --yes', "unknown option '--yes'", 'devops many --help lists its options'],
])('%s is one line, a hint and 2', async (line, message, hint) => {
  const text = await runDevops(line);
  expect(text).toMatchObject({ code: 2, stdout: '' });
  const lines = text.stderr.trimEnd().split('\n');
  expect(lines[0]).toBe(`devops: error: ${message}`);
  expect(lines.slice(1).every((next) => next.startsWith('devops: hint: '))).toBe(true);
  if (hint !== undefined) expect(lines[1]?.slice('devops: hint: '.length)).toEqual(hint);
});

test.each(['text', 'table', 'xml', 'constructor', '__proto__'])(
  '-o %s lists what the command serves',
  async (format) => {
    const result = await runDevops(`records -o ${format} --count 0`);
    if (format === 'text') expect(result.code).toBe(0);
    else expect(result.stderr).toContain("devops: hint: 'records' serves: text, json, jsonl, yaml\n");
  },
);

test.each(['csv', 'junit', 'github', 'prometheus'])(
  '%s without its part of the contract is an error',
  async (format) => {
    const result = await runDevops(`records -o ${format}`);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(new RegExp(`^devops: error: 'records' has no ${format} output\n`));
  },
);

test.each(['-o json', '-o jsonl', '--json', '--output=json', '-ojson'])(
  'with %s an error is one JSON object on stderr',
  async (option) => {
    for (const words of ['many --closng', 'nothing', 'many --timeout x', 'breaks expected']) {
      const result = await runDevops(`${words} ${option}`);
      expect(result.code).toBe(2);
      const { error } = JSON.parse(result.stderr) as { error: { code: string; message: string; hints?: string[] } };
      expect(Object.keys(error).every((key) => ['code', 'message', 'hints'].includes(key))).toBe(true);
      expect(error.code).toBe(words === 'breaks expected' ? 'network' : 'usage');
      expect(result.stderr).not.toContain('hunter22');
    }
  },
);

test.each(['many --closng', 'nothing', '--closng', 'many -o nagios --timeout x', 'breaks', 'records', 'group'])(
  'for Nagios the mistake in "%s" is UNKNOWN on stdout and 3',
  async (words) => {
    const result = await runDevops(`-o nagios ${words}`);
    expect(result).toMatchObject({ code: 3, stderr: '' });
    expect(result.stdout).toMatch(/^UNKNOWN - [^|\n]+\n$/);
  },
);

test.each(['breaks expected', 'breaks oddly'])('for Nagios "%s" is told beside what was found', async (words) => {
  const result = await runDevops(`${words} -o nagios`);
  expect(result).toMatchObject({ code: 2, stderr: '' });
  expect(result.stdout).toMatch(/^BREAKS CRITICAL - b: b is critical; breaks: .*\n$/);
});

test('shared options mean the same before and after the name, and short ones can stand together', async () => {
  const lines = ['many ok warning -q -o jsonl', '-q -o jsonl many ok warning', '-q many -ojsonl ok warning'];
  lines.push('-qvo jsonl many ok warning', 'many -qvojsonl ok warning', '--output=jsonl -q many ok warning');
  for (const line of lines) {
    expect(await runDevops(line), line).toMatchObject({
      code: 1,
      stdout: '{"subject":"b","status":"warning","size":20}\n',
      stderr: '',
    });
  }
  expect(await runDevops('-n change')).toMatchObject(await withoutTime('change --dry-run'));
  expect(await runDevops('many -- -q')).toMatchObject({ stdout: 'a\t-q\t10\n' });
});

test('what looks like a mistake but is none: an empty name, a lone dash, a value that looks like an option', async () => {
  expect((await runDevops([''])).stderr).toContain("unknown command ''");
  expect((await runDevops(['-'])).stderr).toContain("unknown command '-'");
  expect((await runDevops(['many', 'ok', '--name', '--json'])).stdout).toBe('--json\tok\t10\n');
});

test.each(['json', '-ojson'])('json of what never ends is an error that names jsonl (%s)', async (format) => {
  for (const name of ['ticks', 'spin', 'watch']) {
    const result = await runDevops(`${name} ${format === 'json' ? '--json' : format}`);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(result.stderr)).toMatchObject({
      error: { code: 'usage', hints: [expect.stringContaining('jsonl')] },
    });
  }
});

test('hostile words in a message stay on one line and change no colour', async () => {
  const word = 'x\n\u001B[31mdevops: hint: rm -rf /\u0085\u202E';
  for (const argv of [
    [word],
    ['many', `--${word}`],
    ['many', '-o', word],
    [`--${word}`, 'many'],
    ['many', word, '-Z'],
  ]) {
    const { code, stderr } = await runDevops(argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^(devops: (error|hint): [^\n]*\n)+$/);
    expect(stderr).not.toMatch(/[\u001B\u0085\u202E]/);
  }
});

test('a password in a mistyped option is not repeated', async () => {
  expect((await runDevops('many --pasword=hunter22')).stderr).not.toContain('hunter22');
  expect((await runDevops('--pasword=hunter22 many')).stderr).not.toContain('hunter22');
});

test('help is for the product, a group and a command, on stdout; without a command it is a mistake', async () => {
  for (const line of ['--help', '-h', 'help', '-q --help']) {
    expect(await runDevops(line), line).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Commands:'),
      stderr: '',
    });
  }
  for (const line of ['group --help', 'help group', '--help group', 'group -h']) {
    expect(await runDevops(line), line).toMatchObject({ code: 0, stdout: expect.stringContaining('one') });
  }
  for (const line of ['many --help', 'many -h', 'help many', 'many ok --help', '--help group one']) {
    expect(await runDevops(line), line).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes:') });
  }
  expect(await runDevops('')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Commands:') });
  expect(await runDevops('--version')).toMatchObject({ code: 0, stdout: '0.0.0-test\n' });
});

async function withoutTime(line: string): Promise<object> {
  const { milliseconds: _, ...rest } = await runDevops(line);
  return rest;
}
