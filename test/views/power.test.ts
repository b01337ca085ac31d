import { expect, test } from 'vitest';
import type { PowerResult } from '../../src/lib/aws/power/failed-action.ts';
import type { PowerAction } from '../../src/lib/aws/power/power-action.ts';
import { table } from '../../src/terminal/table.ts';
import { columns, viewBelow } from '../../src/views/power.ts';

const screen = { columns: 80, rows: 24, color: false, unicode: true, terminal: true };
const one: PowerAction = {
  kind: 'instance',
  id: 'i-0123456789abcdef0',
  region: 'eu-central-1',
  account: '111122223333',
  state: 'would stop',
};
const reason = 'belongs to group web, which would replace it: see --group-members';
const member: PowerAction = { ...one, state: 'left alone', code: 'group-member', reason };

test('80 columns show the names of machines, whatever else has to give way', () => {
  const shown = columns.filter(({ programsOnly }) => programsOnly !== true);
  const text = table(shown, [{ ...one, name: 'billing-database', type: 't3.micro' }, member], screen);
  expect(text.split('\n')[1]).toBe('i-0123456789abcdef0  billing-database  would stop');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('the codes are counted behind each state, because reasons are cut', () => {
  const results: PowerResult[] = [
    one,
    member,
    member,
    { ...member, code: 'protected' },
    { ...one, subject: one.id, error: { code: 'refused', message: 'no', hint: 'ask' } },
  ];
  expect(viewBelow(results, screen)).toBe(
    '\n1 would stop, 3 left alone (2 group-member, 1 protected), 1 error (1 refused)\nhint: ask\n',
  );
});

test('several regions are counted one by one', () => {
  const elsewhere = { ...one, region: 'eu-west-1' };
  expect(viewBelow([elsewhere, one, one], screen)).toBe('\neu-central-1: 2 would stop\neu-west-1: 1 would stop\n');
});

test('the way back names the run and where it was, and allows as many', () => {
  const run = '20261120T180000Z-x7k2';
  const stopped: PowerAction = { ...one, state: 'stopped', run, profile: 'dev' };
  expect(viewBelow([stopped, { ...member, region: 'us-east-1' }], screen)).toMatch(
    /\ndevops start-instances --run 20261120T180000Z-x7k2 --profile dev --region eu-central-1 brings them back\n$/,
  );
  const many = Array.from({ length: 51 }, () => ({ ...stopped, state: 'stop requested' as const }));
  expect(viewBelow(many, screen)).toContain(' --max 51 brings them back');
  expect(viewBelow([{ ...stopped, state: 'started' }], screen)).not.toContain('--run');
});

test('a plan to scale a group to zero says that its members are terminated', () => {
  expect(viewBelow([{ ...one, kind: 'group', id: 'web', state: 'would zero' }], screen)).toContain(
    'terminates its members',
  );
  expect(viewBelow([one], screen)).not.toContain('terminates');
});
