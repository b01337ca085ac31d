import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ripgrepProblems } from '../../../../src/lib/logs/ripgrep/ripgrep-problems.ts';
import { requireProgram } from '../../../support/services.ts';

const rg = requireProgram('rg', 'the words of ripgrep are not compared with what it says');

test('a file that cannot be read is told in our words, of old and new releases of ripgrep', () => {
  const said = [
    'rg: none.log: IO error for operation on none.log: No such file or directory (os error 2)',
    'none.log: IO error for operation on none.log: No such file or directory (os error 2)',
    'rg: a: b.log: IO error for operation on a: b.log: Permission denied (os error 13)',
    'rg: /var/log: Is a directory (os error 21)',
    'rg: x/y: Not a directory (os error 20)',
    'rg: log\x1b[2J: Input/output error (os error 5)',
  ];
  expect(ripgrepProblems(`${said.join('\n')}\n`)).toEqual([
    { code: 'not-found', message: 'cannot read none.log: no such file or directory' },
    { code: 'not-found', message: 'cannot read none.log: no such file or directory' },
    { code: 'unreadable', message: 'cannot read a: b.log: permission denied' },
    { code: 'unreadable', message: 'cannot read /var/log: is a directory' },
    { code: 'not-found', message: 'cannot read x/y: not a directory' },
    { code: 'unreadable', message: 'cannot read log\\x1b[2J: input/output error' },
  ]);
});

test('what it says besides, and what is missing of it, are problems too', () => {
  const messages = ripgrepProblems('rg: out of luck\n[... 123 bytes left out ...]\n').map(({ message }) => message);
  expect(messages).toEqual(['ripgrep: out of luck', 'ripgrep named more that it could not read (123 bytes of it)']);
});

test('its end is a problem when it said nothing', () => {
  expect(ripgrepProblems('', { kind: 'exited', code: 0 })).toEqual([]);
  expect(ripgrepProblems('', { kind: 'exited', code: 1 })).toEqual([]);
  expect(ripgrepProblems('', { kind: 'exited', code: 2 })).toHaveLength(1);
  expect(ripgrepProblems('', { kind: 'signalled', signal: 'SIGBUS' })).toMatchObject([{ code: 'shortened' }]);
  expect(ripgrepProblems('', { kind: 'signalled', signal: 'SIGKILL' })).toMatchObject([{ code: 'unreadable' }]);
  expect(ripgrepProblems('', { kind: 'aborted' })).toHaveLength(1);
  const gone = { kind: 'not-started', code: 'not-found', message: "cannot start 'rg': no such program" } as const;
  expect(ripgrepProblems('', gone)).toEqual([{ code: 'program-missing', message: gone.message }]);
});

test.skipIf(rg === undefined)('a ripgrep of today says what is understood here', () => {
  const { stderr, status } = spawnSync(rg!, ['--no-config', 'x', '--', '/none: such', '/dev/null']);
  expect(status).toBe(2);
  expect(ripgrepProblems(String(stderr))).toEqual([
    { code: 'not-found', message: 'cannot read /none: such: no such file or directory' },
  ]);
});
