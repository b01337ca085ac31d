import { expect, test } from 'vitest';
import type { Column, Screen } from '../../src/command.ts';
import { paint } from '../../src/terminal/color.ts';
import { table } from '../../src/terminal/table.ts';
import { width } from '../../src/terminal/width.ts';

interface Thing {
  name: string;
  size?: number;
}

const columns: readonly Column<Thing>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'size', value: ({ size }) => size, align: 'right' },
];
const screen = (more: Partial<Screen> = {}): Screen => ({
  columns: 80,
  rows: 24,
  terminal: true,
  color: false,
  unicode: true,
  ...more,
});

test('without a row there is no header either', () => {
  expect(table(columns, [], screen())).toBe('');
});

test('columns are as wide as their widest cell, numbers stand on the right, an absent value is empty', () => {
  const things = [{ name: '書', size: 12_345 }, { name: 'longer name', size: 0 }, { name: 'none' }];
  expect(table(columns, things, screen())).toBe(
    ['NAME          SIZE', '書           12345', 'longer name      0', 'none', ''].join('\n'),
  );
});

test('the widest column gives way, the others stay whole', () => {
  const [header, row] = table(columns, [{ name: 'x'.repeat(100), size: 123_456 }], screen({ columns: 30 })).split('\n');
  expect(width(header!)).toBe(30);
  expect(row).toBe(`${'x'.repeat(21)}…  123456`);
});

test('on a screen that is too narrow for anything every column keeps six cells', () => {
  const [, row] = table(columns, [{ name: 'x'.repeat(20), size: 123_456_789 }], screen({ columns: 1 })).split('\n');
  expect(row).toBe('xxxxx…  12345…');
});

test('a cell may have a face of its own, whose colours take no place', () => {
  const painted: Column<Thing> = { ...columns[0]!, cell: ({ name }, where) => paint(where, 'red', name.toUpperCase()) };
  const text = table([painted, columns[1]!], [{ name: 'a', size: 1 }], screen({ color: true }));
  expect(text).toBe('\u001B[2mNAME  SIZE\u001B[22m\n\u001B[31mA\u001B[39m        1\n');
});

test('a million characters in one cell are cut, not waited for', () => {
  const started = performance.now();
  const [, row] = table(columns, [{ name: 'x'.repeat(1_000_000) }], screen()).split('\n');
  expect(width(row!)).toBeLessThanOrEqual(80);
  expect(performance.now() - started).toBeLessThan(5000);
});

const withExtras: readonly Column<Thing>[] = [
  ...columns,
  { name: 'first', dispensable: true, value: () => 'f'.repeat(20) },
  { name: 'second', dispensable: true, value: () => 's'.repeat(20) },
];

test.each([
  [90, ['NAME', 'SIZE', 'FIRST', 'SECOND'], 'n'.repeat(36)],
  [80, ['NAME', 'SIZE', 'FIRST', 'SECOND'], 'n'.repeat(30)],
  [70, ['NAME', 'SIZE', 'FIRST', 'SECOND'], 'n'.repeat(30)],
  [63, ['NAME', 'SIZE', 'FIRST'], 'n'.repeat(30)],
  [47, ['NAME', 'SIZE'], 'n'.repeat(30)],
  [30, ['NAME', 'SIZE'], `${'n'.repeat(23)}…`],
] as const)(
  'at %i columns the dispensable ones give way first, and the last one is the first to go',
  (cells, names, name) => {
    const [header, row] = table(
      withExtras,
      [{ name: 'n'.repeat(name.length > 30 ? 36 : 30), size: 1 }],
      screen({ columns: cells }),
    ).split('\n');
    expect(header!.split(/ +/)).toEqual(names);
    expect(row!.split(' ')[0]).toBe(name);
    expect(width(row!)).toBeLessThanOrEqual(cells);
  },
);

test('a cell may depend on all rows', () => {
  const share: Column<Thing> = {
    name: 'share',
    value: ({ size }) => size,
    cell: ({ size = 0 }, _screen, rows = []) => `${size} of ${rows.reduce((sum, row) => sum + (row.size ?? 0), 0)}`,
  };
  expect(
    table(
      [share],
      [
        { name: 'a', size: 1 },
        { name: 'b', size: 3 },
      ],
      screen(),
    ),
  ).toBe('SHARE\n1 of 4\n3 of 4\n');
});
