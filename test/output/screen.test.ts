import { expect, test } from 'vitest';
import { hostileNames } from '../support/invented/record-commands.ts';
import { runDevops } from '../support/run-devops.ts';
import { width } from '../../src/terminal/width.ts';

const plain = { NO_COLOR: '1', LANG: 'C.UTF-8' };

test.each([20, 40, 80, 200])(
  'a table fits %i columns, with a header and sorted as the command says',
  async (columns) => {
    const { stdout } = await runDevops('hostile', { terminalColumns: columns, env: plain });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(hostileNames.length + 1);
    expect(lines[0]).toMatch(columns < 22 ? /^SUBJE… +STATUS +SIZE$/ : /^SUBJECT +STATUS +SIZE$/);
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(Math.max(columns, 22));
  },
);

test('off a terminal it is tab-separated without a header, nothing is cut, and a name stays on its line', async () => {
  const { stdout } = await runDevops('hostile');
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(hostileNames.length);
  for (const line of lines) expect(line.split('\t')).toHaveLength(3);
  expect(lines[2]).toBe('\\x1b[31mred\\x1b[0m\tcritical\t1');
});

test('where the locale has no UTF-8 a table is cut with an ASCII mark', async () => {
  const long = ['many', 'ok', '--name', 'x'.repeat(200)];
  const ascii = await runDevops(long, { terminalColumns: 40, env: { NO_COLOR: '1', LANG: 'C' } });
  expect(ascii.stdout).toMatch(/x~  ok/);
  expect((await runDevops(long, { terminalColumns: 40, env: plain })).stdout).toMatch(/x…  ok/);
});

test('one report is its findings off a terminal, the whole picture on one', async () => {
  expect((await runDevops('report ok critical')).stdout).toBe(
    'critical: item 1: item 1 is critical (look at item 1)\n',
  );
  expect((await runDevops('report ok critical', { terminalColumns: 80, env: plain })).stdout).toBe(
    'host h: 2 items █\n',
  );
  expect((await runDevops('report ok')).stdout).toBe('host h: 1 items #\n');
});
