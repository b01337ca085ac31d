import { expect, test } from 'vitest';
import { runDevops } from '../support/run-devops.ts';

const code = async (line: string) => (await runDevops(line)).code;

test.each([
  ['many', 0],
  ['many ok', 0],
  ['many ok ok', 0],
  ['many warning', 1],
  ['many ok warning ok', 1],
  ['many critical', 1],
  ['many warning critical', 1],
  ['many unknown', 2],
  ['many unknown ok', 2],
  ['many critical unknown', 2],
  ['many unknown warning critical ok', 2],
  ['report critical ok', 1],
  ['report ok unknown', 2],
])(
  '%s exits with %i: unknown outweighs no, no outweighs ok, and neither order nor count matters',
  async (line, expected) => {
    expect(await code(line)).toBe(expected);
  },
);

test.each([
  ['--fail-on critical', 'warning', 0],
  ['--fail-on critical', 'ok warning', 0],
  ['--fail-on critical', 'critical warning', 1],
  ['--fail-on critical', 'unknown warning', 2],
  ['--fail-on warning', 'warning', 1],
])('%s with %s exits with %i', async (option, statuses, expected) => {
  expect(await code(`many ${statuses} ${option}`)).toBe(expected);
  expect(await code(`${option} many ${statuses}`)).toBe(expected);
});

test.each([
  ['ok', 0, 'OK'],
  ['ok warning', 1, 'WARNING'],
  ['critical warning ok', 2, 'CRITICAL'],
  ['unknown warning ok', 3, 'UNKNOWN'],
  ['critical unknown', 2, 'CRITICAL'],
])('for Nagios %s is %i: a known critical is never hidden by what is unknown', async (statuses, expected, word) => {
  const result = await runDevops(`many ${statuses} -o nagios`);
  expect(result.code).toBe(expected);
  expect(result.stdout).toMatch(new RegExp(`^MANY ${word} - `));
});

test('what a run says at its end counts as its records do, and people are told', async () => {
  const result = await runDevops('many ok --closing critical');
  expect(result.code).toBe(1);
  expect(result.stdout).toBe('a\tok\t10\n');
  expect(result.stderr).toBe('devops: critical: the whole: it is critical\n');
  expect((await runDevops('many ok --closing unknown')).code).toBe(2);
  expect(await runDevops('many ok --closing ok')).toMatchObject({ code: 0, stderr: '' });
  expect(await runDevops('many ok --closing critical -o nagios')).toMatchObject({ code: 2, stderr: '' });
});

test('a child gives its own exit code, and gets the words behind -- as they are', async () => {
  expect(await runDevops('child')).toMatchObject({ code: 77, stdout: 'none\n' });
  expect(await runDevops('child a -- -x --json -- b')).toMatchObject({ code: 77, stdout: '-x --json -- b\n' });
});

test('a failed item is unknown, stands beside the others and hides none of them', async () => {
  const result = await runDevops('failing');
  expect(result.code).toBe(2);
  expect(result.stdout).toBe('a\tok\t1\nc\tok\t3\nd\tok\t4\n');
  expect(result.stderr).toBe(
    'devops: error: b: no route to postgres://me:[redacted]@db/x\ndevops: hint: try it again\n',
  );
});

test('a failure that is expected is one line, its hints and 2, and what came before it is printed', async () => {
  const result = await runDevops('breaks expected');
  expect(result).toMatchObject({
    code: 2,
    stdout: 'a\tok\t1\nb\tcritical\t2\n',
    stderr: 'devops: error: lost postgres://me:[redacted]@db/x\ndevops: hint: try password=[redacted] again\n',
  });
});

test('a failure that nobody expected keeps its stack and asks for a report', async () => {
  const result = await runDevops('breaks oddly');
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(
    /^devops: error: TypeError: cannot read "x" of undefined: oddly\n +at .*\n(.*\n)*devops: hint: this is a defect/,
  );
});

test('busy is 75: cron and systemd know it as try later', async () => {
  expect(await runDevops('breaks busy')).toMatchObject({ code: 75, stderr: 'devops: error: somebody else is at it\n' });
});

test.each(['', '-o json', '-o jsonl', '-o csv', '-o yaml', '-o names'])(
  '-q %s prints nothing when all is well, and what is not ok otherwise',
  async (format) => {
    expect(await runDevops(`many ok ok -q ${format}`)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const bad = await runDevops(`many ok warning -q ${format}`);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('b');
    expect(bad.stdout).not.toMatch(/\ba\b/);
  },
);

test('-q of one report prints its findings alone', async () => {
  expect(await runDevops('report ok -q')).toMatchObject({ code: 0, stdout: '' });
  expect(await runDevops('report ok critical -q')).toMatchObject({
    code: 1,
    stdout: 'critical: item 1: item 1 is critical (look at item 1)\n',
  });
});

test.each(['junit', 'nagios', 'prometheus'])(
  '-q leaves nothing out of %s, which would then say something else',
  async (format) => {
    const [quiet, loud] = [await runDevops(`many ok -q -o ${format}`), await runDevops(`many ok -o ${format}`)];
    expect(quiet.code).toBe(0);
    expect(withoutTimes(quiet.stdout)).toBe(withoutTimes(loud.stdout));
  },
);

test.each(['junit', 'nagios', 'github'])(
  'no judgement at all is unknown in %s, never an empty green',
  async (format) => {
    const result = await runDevops(`many -o ${format}`);
    expect(result.code).toBe(format === 'nagios' ? 3 : 2);
    expect(result.stdout + result.stderr).toContain('nothing was judged');
  },
);

function withoutTimes(text: string): string {
  return text.replace(/time(stamp)?="[^"]*"/g, '');
}
