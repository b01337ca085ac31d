import { spawnSync } from 'node:child_process';
import { parse, type TestCase } from 'junit2json';
import { expect, test } from 'vitest';
import { hostileNames } from '../support/invented/record-commands.ts';
import { runDevops } from '../support/run-devops.ts';
import { requireProgram } from '../support/services.ts';

const xmllint = requireProgram('xmllint', 'that JUnit reports are well-formed XML is not checked by libxml2');

const everyEnd = [
  'many',
  'many ok warning critical unknown --closing critical',
  'hostile',
  'hostile --fail',
  'failing',
  'breaks expected',
  'breaks oddly',
  'report ok critical',
];

test.skipIf(xmllint === undefined).each(everyEnd)('libxml2 reads the report of "%s"', async (line) => {
  const { stdout } = await runDevops(`${line} -o junit`);
  const { status, stderr } = spawnSync(xmllint!, ['--noout', '--nonet', '-'], { input: stdout, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('a crossed limit is a failure, what could not be told an error, and neither says the other', async () => {
  const [ok, warning, critical, unknown] = await cases('many ok warning critical unknown');
  expect(ok).not.toHaveProperty('failure');
  expect(ok).not.toHaveProperty('error');
  expect(warning!.failure?.[0]).toMatchObject({ type: 'warning', message: 'b is warning' });
  expect(critical!.failure?.[0]).toMatchObject({ type: 'critical', inner: 'c is critical\nlook at c' });
  expect(unknown!.error?.[0]).toMatchObject({ type: 'unknown', message: 'd is unknown' });
  expect(unknown).not.toHaveProperty('failure');
});

test('with --fail-on critical a warning is a passed case that keeps its words, as the exit code does', async () => {
  const result = await runDevops('many warning -o junit --fail-on critical');
  expect(result.code).toBe(0);
  const [warning] = await cases('many warning --fail-on critical');
  expect(warning).not.toHaveProperty('failure');
  expect(warning!['system-out']).toEqual(['warning: a is warning\nlook at a']);
});

test('hostile names come back from the XML; only what XML cannot write is replaced', async () => {
  const found = await cases('hostile');
  const expected = hostileNames.map((name) => {
    return `${name.toWellFormed().replace(/[\u0000-\u0008\u000E-\u001F]/g, '\uFFFD')}: size`;
  });
  expect(found.map(({ name }) => name)).toEqual(expected);
});

test('the suite has the time of the run, in seconds and UTC', async () => {
  let time = Date.parse('2026-11-20T08:00:00Z');
  const { stdout } = await runDevops('many ok -o junit', { now: () => new Date((time += 1250)) });
  expect(stdout).toMatch(/timestamp="2026-11-20T08:00:0\d"/);
  expect(stdout).toMatch(/ time="1\.250"/);
});

async function cases(line: string): Promise<TestCase[]> {
  const { stdout } = await runDevops(`${line} -o junit`);
  const suites = await parse(stdout);
  return suites !== null && suites !== undefined && 'testsuite' in suites
    ? (suites.testsuite?.[0]?.testcase ?? [])
    : [];
}
