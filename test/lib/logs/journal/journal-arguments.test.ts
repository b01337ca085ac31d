import { describe, expect, test } from 'vitest';
import type { Level } from '../../../../src/lib/logs/fields/level.ts';
import { levels } from '../../../../src/lib/logs/fields/level.ts';
import { isEmptyWindow, journalArguments } from '../../../../src/lib/logs/journal/journal-arguments.ts';
import type { JournalRequest } from '../../../../src/lib/logs/journal/journal-arguments.ts';

const always = ['--no-pager', '--all', '--output=short-iso-precise', '--show-cursor'];
const cursor = 's=8450c37374134c57;i=2;b=aaaa;m=1e8480;t=60a24182f6480;x=b2843623ec36c95';
const cursorSeconds = 0x60a24182f6480 / 1e6;

/** What a request adds to the arguments of every call. */
function added(request: Partial<JournalRequest>): string[] {
  const args = journalArguments({ units: [], follow: false, ...request });
  expect(args.slice(0, always.length)).toEqual(always);
  return args.slice(always.length);
}

test('units and a folder are one argument each, whatever is in their names', () => {
  expect(added({ units: ['nginx', 'app@*.service', '-.mount'], directory: '-copy' })).toEqual([
    '--directory=-copy',
    '--unit=nginx',
    '--unit=app@*.service',
    '--unit=-.mount',
  ]);
});

test.each(['', ' ', '-f', '--since=@0', 'a\nb', 'a b', 'a\0', 'nginx\u202e', 'x'.repeat(256)])(
  'a unit called %j is refused',
  (unit) => {
    expect(() => added({ units: [unit] })).toThrow(/^'.{0,90}' is not the name of a unit: /);
  },
);

test('the end of the window is not included, and the journal counts in microseconds', () => {
  expect(added({ sinceSeconds: 1_700_000_000, untilSeconds: 1_700_000_002 })).toEqual([
    '--since=@1700000000.000000',
    '--until=@1700000001.999999',
  ]);
  expect(added({ sinceSeconds: 1_700_000_000.000001, untilSeconds: 1_700_000_000.5 })).toEqual([
    '--since=@1700000000.000001',
    '--until=@1700000000.499999',
  ]);
});

test('moments before 1970 and endless windows are no arguments that journalctl refuses', () => {
  expect(added({ sinceSeconds: -5, untilSeconds: Infinity })).toEqual([]);
  expect(added({ sinceSeconds: -Infinity, untilSeconds: 0.000001 })).toEqual(['--until=@0.000000']);
});

test('a window without a moment in it is known', () => {
  const isEmpty = (sinceSeconds: number, untilSeconds: number) =>
    isEmptyWindow({ units: [], follow: false, sinceSeconds, untilSeconds });
  expect(isEmpty(7, 7)).toBe(true);
  expect(isEmpty(8, 7)).toBe(true);
  expect(isEmpty(-8, -7)).toBe(true);
  expect(isEmpty(7, 7.000001)).toBe(false);
  expect(isEmptyWindow({ units: [], follow: false })).toBe(false);
});

test('of a cursor and a beginning the later one is given, for journalctl takes only one', () => {
  expect(added({ afterCursor: cursor })).toEqual([`--after-cursor=${cursor}`]);
  expect(added({ afterCursor: cursor, sinceSeconds: cursorSeconds - 1 })).toEqual([`--after-cursor=${cursor}`]);
  expect(added({ afterCursor: cursor, sinceSeconds: 1_700_000_002 })).toEqual(['--since=@1700000002.000000']);
});

test.each(['', 'x', 's=1;i=2', 't=60a24182f6480\n', `t=1;${'a'.repeat(2000)}`, 't=1;--file=x'])(
  'a cursor %j is refused',
  (afterCursor) => {
    expect(() => added({ afterCursor })).toThrow('is no cursor of a journal');
  },
);

test('to follow is to begin with all of the past, or with its last lines', () => {
  expect(added({ follow: true })).toEqual(['--follow', '--no-tail']);
  expect(added({ follow: true, lines: 0 })).toEqual(['--follow', '--lines=0']);
  expect(added({ follow: true, untilSeconds: 5 })).toEqual(['--follow', '--no-tail']);
});

describe('levels are priorities', () => {
  const of = (...names: Level[]) => added({ levels: new Set(names) }).join(' ');
  test('each of a set, also of one with gaps', () => {
    expect(of('error', 'critical', 'alert', 'emergency')).toBe('PRIORITY=0 PRIORITY=1 PRIORITY=2 PRIORITY=3');
    expect(of('debug', 'warning')).toBe('PRIORITY=4 PRIORITY=7');
    expect(of('trace', 'debug')).toBe('PRIORITY=7');
  });
  test('every level is no condition, and none is one that nothing meets', () => {
    expect(of(...levels)).toBe('');
    expect(of()).toBe('PRIORITY=-1');
  });
});
