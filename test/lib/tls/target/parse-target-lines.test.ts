import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { parseTargetLines } from '../../../../src/lib/tls/target/parse-target-lines.ts';
import type { TargetOptions } from '../../../../src/lib/tls/target/parse-target.ts';
import { targetSubject } from '../../../../src/lib/tls/target/target-subject.ts';

function subjects(text: string, options: Partial<TargetOptions> = {}): string[] {
  return parseTargetLines(text, 'hosts', { isFile: () => false, ...options }).map(targetSubject);
}

function refusal(text: string): UserError {
  try {
    subjects(text);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('the list was taken');
}

test('comments, empty lines and white space do not count', () => {
  const lines = [
    '# all of them',
    '',
    'example.com',
    '  mx.example.com:25  # the old one',
    '\t[2001:db8::1]:8443\t#v6',
    '   ',
    '#example.org',
    'https://example.net/#fragment',
    '/etc/ssl/a#1.pem',
  ];
  const expected = [
    'example.com:443',
    'smtp://mx.example.com:25',
    '[2001:db8::1]:8443',
    'example.net:443',
    '/etc/ssl/a#1.pem',
  ];
  expect(subjects(lines.join('\n'))).toEqual(expected);
  expect(subjects(lines.join('\r\n'))).toEqual(expected);
  expect(subjects(lines.join('\r'))).toEqual(expected);
  expect(subjects(`\uFEFF${lines.join('\n')}\n`)).toEqual(expected);
});

test('the options for all targets count for those of a list', () => {
  expect(subjects('mx', { starttls: 'smtp' })).toEqual(['smtp://mx:25']);
});

test('a bad line is told with file, line and what to write instead', () => {
  const { message, hints, code } = refusal('example.com\n\nexample.com:0\n');
  expect(message).toBe(`hosts:3: 'example.com:0' is not a target: a port is a number from 1 to 65535`);
  expect(hints).toEqual([expect.stringContaining('host:port')]);
  expect(code).toBe('usage');
});

test('more than one word on a line is a mistake, and its password is not repeated', () => {
  expect(refusal('example.com 192.0.2.1').message).toBe(
    `hosts:1: found '192.0.2.1' behind the target, expected the end of the line`,
  );
  expect(refusal('smtp://me:s3cret@mx postgres://me:s3cret@db').message).not.toContain('s3cret');
});

test('all bad lines are told at once', () => {
  const { message, hints } = refusal('a..b\r\nexample.com\r\nx:0\ry z\n');
  expect(message).toBe(
    `hosts:1: 'a..b' is not a target: there is nothing between two dots of the name (and 2 more bad lines)`,
  );
  expect(hints.slice(1)).toEqual([
    `hosts:3: 'x:0' is not a target: a port is a number from 1 to 65535`,
    `hosts:4: found 'z' behind the target, expected the end of the line`,
  ]);
});

test('after 20 bad lines the others are counted', () => {
  const { message, hints } = refusal('-\n'.repeat(1000));
  expect(message).toContain('(and 999 more bad lines)');
  expect(hints).toHaveLength(1 + 19 + 1);
  expect(hints.at(-2)).toMatch(/^hosts:20: /);
  expect(hints.at(-1)).toBe('and 980 more');
  expect(refusal('-\n'.repeat(20_000)).hints.at(-1)).toBe('and at least 9980 more');
});

test.each(['', '\n', '# nothing\n', '\uFEFF', ' \r\n\t\r\n'])('a list without a target is a mistake: %j', (text) => {
  expect(refusal(text)).toMatchObject({ message: 'no target in hosts', code: 'usage' });
});

test('100,000 lines take a fraction of a second, with any line end', () => {
  for (const ending of ['\n', '\r\n', '\r']) {
    const text = Array.from({ length: 100_000 }, (_, index) => `host-${index}.example.com:8443 # ${index}`).join(
      ending,
    );
    const started = performance.now();
    expect(subjects(text)).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(3000);
  }
});

test.each<[string, string]>([
  ['one endless line', 'a'.repeat(5_000_000)],
  ['one line of spaces', `a${' '.repeat(5_000_000)}b`],
  ['one line of words', 'a '.repeat(2_500_000)],
  ['one line of number signs', '#'.repeat(5_000_000)],
  ['one line of number signs within a word', `a${'#'.repeat(5_000_000)}`],
  ['a million bad lines', '-\n'.repeat(1_000_000)],
  ['two million empty lines', '\n'.repeat(2_000_000)],
])('%s is refused soon', (_name, text) => {
  const started = performance.now();
  const { message, hints } = refusal(text);
  expect(performance.now() - started).toBeLessThan(4000);
  expect(message.length + hints.join('').length).toBeLessThan(5000);
});

test('a list too long to be one is refused', () => {
  expect(refusal('a\n'.repeat(500_001)).message).toBe('hosts has more than 500000 targets');
});

test('random text is a list or a UserError', () => {
  const part = fc.constantFrom(
    'a',
    'b.example',
    ':443',
    '#',
    ' ',
    '\n',
    '\r',
    '\r\n',
    '\t',
    '/x',
    '\u2028',
    '\0',
    '\uFEFF',
  );
  const text = fc.oneof(
    fc.array(part, { maxLength: 20 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );
  let lists = 0;
  fc.assert(
    fc.property(text, (content) => {
      try {
        const found = subjects(content);
        lists++;
        const lines = content.split(/\r\n|\n|\r/).filter((line) => line.replace(/(^|\s)#.*/s, '').trim() !== '');
        expect(found).toHaveLength(lines.length);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
  expect(lists).toBeGreaterThan(50);
});
