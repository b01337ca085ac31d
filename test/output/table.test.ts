import { expect, test } from 'vitest';
import type { Column, Screen } from '../../src/command.ts';
import type { Verdict } from '../../src/lib/results/verdict.ts';
import type { RenderSetup } from '../../src/output/renderer.ts';
import { createRenderer } from '../../src/output/table.ts';
import { runDevops } from '../support/run-devops.ts';

interface Item {
  name: string;
  place: number;
}

const columns: readonly Column<Item>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'place', programsOnly: true, value: ({ place }) => place },
];
const below = (items: readonly Item[], { columns: width }: Screen) => `\n${items.length} items at ${width}\n`;

function render(items: readonly Item[], { terminal = true, command = {}, quiet = false }) {
  const screen = { columns: terminal ? 80 : Infinity, terminal, color: false, unicode: true };
  const setup = { command: { columns, below, ...command }, screen, quiet };
  const renderer = createRenderer(setup as unknown as RenderSetup);
  const text = items.map((item) => renderer.record(item, verdictsOf(item))).join('');
  return text + renderer.end({ verdicts: [] });
}

const verdictsOf = ({ name, place }: Item): Verdict[] =>
  place === 0 ? [] : [{ status: 'warning', subject: name, code: 'place', message: `at ${place}`, hint: 'move it' }];

const two = [
  { name: 'b', place: 2 },
  { name: 'a', place: 1 },
];

test('columns for programs are left out on a screen, and there off a terminal', () => {
  expect(render(two, {})).toMatch(/^NAME\nb\na\n/);
  expect(render(two, { terminal: false })).toBe('b\t2\na\t1\n');
});

test('what stands below the table sees all records and the screen, and is for screens alone', () => {
  expect(render(two, {})).toBe('NAME\nb\na\n\n2 items at 80\n');
  expect(render([], {})).toBe('');
});

test('with --quiet a command with judgements prints its findings, on a screen and off it', () => {
  const command = { verdicts: verdictsOf };
  const lines = 'warning: b: at 2 (move it)\nwarning: a: at 1 (move it)\n';
  expect(render(two, { quiet: true, command })).toBe(lines);
  expect(render(two, { quiet: true, command, terminal: false })).toBe(lines);
  expect(render([{ name: 'c', place: 0 }], { quiet: true, command })).toBe('');
});

test('they stand in the order of the table', () => {
  const command = { verdicts: verdictsOf, sort: (a: Item, b: Item) => a.place - b.place };
  expect(render(two, { quiet: true, command })).toBe('warning: a: at 1 (move it)\nwarning: b: at 2 (move it)\n');
});

test('without judgements --quiet keeps the rows', () => {
  expect(render(two, { quiet: true, terminal: false })).toBe('b\t2\na\t1\n');
});

test('the same through a whole run', async () => {
  expect(await runDevops('many ok critical warning -q')).toMatchObject({
    code: 1,
    stdout: 'warning: c: c is warning (look at c)\ncritical: b: b is critical (look at b)\n',
  });
  expect(await runDevops('many ok ok -q', { terminalColumns: 80 })).toMatchObject({ code: 0, stdout: '' });
});
