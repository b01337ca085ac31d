import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeMachine } from './describe-machine.ts';

// A case is a folder with the files of one machine and `expected.json`. Adding a case is adding a folder.
const cases = fileURLToPath(new URL('../../cases/system', import.meta.url));
const machines = readdirSync(cases).filter((name) => existsSync(`${cases}/${name}/expected.json`));

test.each(machines)('the recorded machine "%s" is described as expected', (name) => {
  const expected: unknown = JSON.parse(readFileSync(`${cases}/${name}/expected.json`, 'utf8'));
  expect(JSON.parse(JSON.stringify(describeMachine(`${cases}/${name}`)))).toEqual(expected);
});

test('there are recorded machines', () => {
  expect(machines.length).toBeGreaterThan(3);
});

test('the real machine is described without an error', () => {
  const machine = describeMachine('');
  expect(machine['errors']).toEqual([]);
  expect(machine).toMatchObject({ os: {}, cpu: {}, memory: {}, processes: {}, network: {} });
});
