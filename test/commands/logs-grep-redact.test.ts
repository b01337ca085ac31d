import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logsGrep, temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';

const at = (second: number) => `2026-11-20T14:00:${String(second).padStart(2, '0')}Z`;
const keyLines = [
  'MIIEpAIBAAKCAQEA75kGeheim1zXcVbNmAsDfGhJkLqWeRtYuIoP1234567890ab',
  'Geheim2fGhJkLqWeRtYuIoP1234567890abMIIEpAIBAAKCAQ==',
  'Gehe',
];
const key = ['-----BEGIN RSA PRIVATE KEY-----', ...keyLines, '-----END RSA PRIVATE KEY-----'];
const jwt = 'eyJhbGciOiJHZWhlaW0ifQ.eyJzdWIiOiJnZWhlaW0ifQ.Geheim3abcdefghij';

const log = [
  `${at(0)} INFO login password=Geheim4 by anna@example.org`,
  `${at(1)} ERROR the key that follows is wrong`,
  ...key,
  `${at(2)} ERROR GET /orders Authorization: Bearer Geheim5abcdefghijklm`,
  `${at(3)} INFO {"token":"Geheim6","count":3}`,
  `${at(4)} ERROR ${jwt} postgres://app:Geheim7@db1/shop`,
  '',
].join('\n');
/** Parts of the secrets, long enough to be nothing else. */
const secrets = /Geheim|Gehe$|GhJkLqWeRtYuIoP|MIIEpAIB|anna@|eyJ/m;

function scene(content = log) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'app.log'), content);
  return { folder, run: (...words: string[]) => logsGrep(folder, [...words, 'app.log']) };
}

test('without --redact the log is what it is', async () => {
  const { stdout } = await scene().run('');
  expect(stdout).toBe(log);
  expect(stdout).toMatch(secrets);
});

test('all lines are printed with their secrets masked, and nothing else is changed', async () => {
  expect((await scene().run('--redact', '')).stdout.split('\n')).toEqual([
    `${at(0)} INFO login password=[redacted] by [redacted]`,
    `${at(1)} ERROR the key that follows is wrong`,
    key[0],
    ...keyLines.map(() => '[redacted]'),
    key.at(-1),
    `${at(2)} ERROR GET /orders Authorization: Bearer [redacted]`,
    `${at(3)} INFO {"token":"[redacted]","count":3}`,
    `${at(4)} ERROR [redacted] postgres://app:[redacted]@db1/shop`,
    '',
  ]);
});

const formats = ['text', 'json', 'jsonl', 'yaml', 'csv'];
const searches: string[][] = [
  [''],
  ['-n', 'ERROR'],
  ['--level', 'info'],
  ['--multiline', 'wrong'],
  ['-C2', 'count'],
  ['-A9', 'follows'],
  ['-v', 'INFO'],
  ['-o', '[^ ]+$'],
  ['-o', 'password=.*'],
  ['--since', at(1), ''],
  ['--color', 'always', 'ERROR'],
];
test.each(searches.map((words) => [words]))('%j lets no secret out in any format', async (words) => {
  const { run } = scene();
  for (const format of formats) {
    const { code, stdout, stderr } = await run('--redact', '--output', format, ...words);
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`).not.toMatch(secrets);
  }
});

describe('a private key of which single lines are printed', () => {
  test.each([
    [['Geheim1']],
    [['-A1', 'Geheim1']],
    [['-B1', 'END RSA']],
    [['-o', 'Geheim.*']],
    [['-m1', 'Gehe']],
    [['--level', 'error', 'Gehe']],
  ])('%j is masked in records', async (words) => {
    const { run } = scene();
    for (const format of formats.filter((each) => each !== 'text')) {
      const { stdout } = await run('--redact', '--output', format, ...words);
      expect(stdout).not.toMatch(secrets);
    }
  });

  test('is masked over the bounds of blocks, and what follows it is not', async () => {
    const filler = `${at(5)} INFO ${'x'.repeat(900)}\n`.repeat(600);
    const { run } = scene(`${filler}${log.repeat(30)}${filler}${log}`);
    const { stdout } = await run('--redact', '--json', '-e', 'Geheim', '-e', 'count');
    expect(stdout).not.toMatch(secrets);
    expect(stdout.match(/"count\\":3/g)).toHaveLength(31);
    expect(stdout.match(/"text":"\[redacted\]"/g)).toHaveLength(62);
  });

  test('that never ends masks no more than a key can have', async () => {
    const { run } = scene(`${key[0]}\n${keyLines[0]}\n${at(1)} INFO all is well\n${keyLines[1]}\n`);
    const { stdout } = await run('--redact', '--json', '-e', 'Geheim1', '-e', 'well');
    expect(stdout).toContain('all is well');
    expect(stdout).not.toMatch(/Geheim1/);
  });
});

describe('an alert', () => {
  test.each(['text', 'json', 'yaml', 'csv', 'junit', 'github', 'nagios', 'prometheus'])(
    'has no secret in its sample or its message in %s',
    async (format) => {
      const { folder, run } = scene();
      const rules = ['password', 'Geheim1', 'Geheim2', 'Bearer', 'token', 'postgres'].map((match, index) => ({
        name: `rule ${index}`,
        match,
        message: '{sample}',
      }));
      writeFileSync(join(folder, 'rules.json'), JSON.stringify(rules));
      const judged = await run('--redact', '--rules', 'rules.json', '--output', format);
      expect(judged.code).toBe(format === 'nagios' ? 2 : 1);
      expect(judged.stdout + judged.stderr).not.toMatch(secrets);
      const plain = await run('--rules', 'rules.json', '--json');
      const masked = await run('--rules', 'rules.json', '--json', '--redact');
      const counts = (text: string) => (JSON.parse(text) as { count: number }[]).map(({ count }) => count);
      expect(counts(masked.stdout)).toEqual(counts(plain.stdout));
      expect(counts(plain.stdout)).toEqual([1, 1, 1, 1, 1, 1]);
    },
  );

  test('that is named by the secret it looks for hides it, too', async () => {
    const { stdout } = await scene().run('--redact', '-q', '--alert', 'password=Geheim4');
    expect(stdout).toMatch(/^critical: password=\[redacted\]: once password=\[redacted\] in app\.log/);
    expect(stdout).not.toMatch(secrets);
  });

  test('whose sample is a whole event hides the key in it', async () => {
    const { stdout } = await scene().run('--redact', '--json', '--alert', '--multiline', 'Geheim2');
    expect(JSON.parse(stdout)).toMatchObject([{ count: 1, sample: `${at(1)} ERROR the key that follows is wrong` }]);
  });
});

test('templates and their samples have no secrets, also where a long line is cut', async () => {
  const long = `${at(6)} INFO ${'x '.repeat(4080)}token=${'Geheim8'.repeat(20)}\n`;
  for (const format of formats) {
    const { stdout } = await scene(log + long).run('--redact', '--top', '20', '--output', format);
    expect(stdout).toContain('[redacted]');
    expect(stdout).not.toMatch(secrets);
  }
});

test('bytes that are no UTF-8 stay what they are', async () => {
  const folder = temporaryFolder();
  const bytes = Buffer.concat([
    Buffer.from(`${at(0)} caf`),
    Buffer.from([0xe9, 0x20, 0xff, 0xfe, 0x41]),
    Buffer.from(' password=Geheim\n'),
  ]);
  writeFileSync(join(folder, 'app.log'), bytes);
  const { bytes: printed } = await logsGrep(folder, ['--redact', 'caf', 'app.log']);
  const expected = bytes.toString('latin1').replace('Geheim', '[redacted]');
  expect(printed.toString('latin1')).toBe(expected);
});
