import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { applyFor, forStatePath, loadForState, storeForState } from '../../../src/lib/rules/for-state-file.ts';
import type { ForState } from '../../../src/lib/rules/for-state.ts';
import { identityOf } from '../../../src/lib/rules/instance.ts';
import type { Rule } from '../../../src/lib/rules/rule.ts';
import type { RuleResult } from '../../../src/lib/system/report.ts';

const base = mkdtempSync(join(tmpdir(), 'devops-for-'));
afterAll(() => rmSync(base, { recursive: true }));

let folders = 0;
const newFolder = (): string => join(base, `state-${folders++}`);
const uid = process.getuid!();

const metric = { name: 'load1', unit: 'ratio', help: '', labels: [] } as const;
const condition = { kind: 'comparison', metric, matchers: [], operator: '>', limit: 1 } as const;
const rule: Rule = { text: 'load1 > 1 for 15m', condition: { ...condition, matchers: [] }, forSeconds: 900 };

function result(state: RuleResult['state']): RuleResult {
  return {
    rule: rule.text,
    name: 'busy',
    severity: 'warning',
    state,
    subject: 'load1',
    metric: 'load1',
    labels: {},
    message: 'load1 is 2',
  };
}

const at = (minutes: number): Date => new Date(Date.parse('2026-03-01T12:00:00Z') + minutes * 60_000);

async function look(folder: string, minutes: number, state: RuleResult['state'] = 'fired'): Promise<string[]> {
  const results = await applyFor(rule, [result(state)], { folder, uid, now: at(minutes) });
  return results.map((found) => found.state);
}

test('what is pending in one run fires in a later one, from a private file', async () => {
  const folder = newFolder();
  expect(await look(folder, 0)).toEqual(['pending']);
  expect(await look(folder, 10)).toEqual(['pending']);
  expect(await look(folder, 15)).toEqual(['fired']);
  const path = await forStatePath(folder, rule.text);
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([path]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    version: 1,
    rule: rule.text,
    instances: [{ labels: {}, since: '2026-03-01T12:00:00.000Z', seen: '2026-03-01T12:15:00.000Z' }],
  });
  expect(await look(folder, 20, 'ok')).toEqual(['ok']);
  expect(await look(folder, 21)).toEqual(['pending']);
});

test('nothing is written without for, nor while all is well', async () => {
  const folder = newFolder();
  expect(await look(folder, 0, 'ok')).toEqual(['ok']);
  const plain: Rule = { text: 'load1 > 1', condition: rule.condition };
  expect(await applyFor(plain, [result('fired')], { folder, uid, now: at(0) })).toEqual([result('fired')]);
  expect(() => statSync(folder)).toThrow('ENOENT');
});

test('two rules have two files, whatever their text', async () => {
  const paths = await Promise.all(['a', 'b', '../../etc/passwd', 'a\0b', ''].map((text) => forStatePath('/x', text)));
  expect(new Set(paths).size).toBe(paths.length);
  for (const path of paths) expect(path).toMatch(/^\/x\/rule-[0-9a-f]{32}\.json$/);
});

test.for([
  ['an empty file', ''],
  ['a torn file', '{"version":1,"instan'],
  ['another shape', '[]'],
  ['no instances', '{"version":1}'],
  ['an instance that is none', '{"version":1,"instances":[7]}'],
  ['labels that are none', '{"version":1,"instances":[{"labels":{"a":1},"since":"2026-03-01","seen":"2026-03-01"}]}'],
  ['a time that is none', '{"version":1,"instances":[{"labels":{},"since":"soon","seen":"2026-03-01"}]}'],
  ['times in the wrong order', '{"version":1,"instances":[{"labels":{},"since":"2026-03-02","seen":"2026-03-01"}]}'],
  ['an older version that never was', '{"version":0,"instances":[]}'],
] as const)('%s is told as unknown and replaced', async ([, content]) => {
  const folder = newFolder();
  mkdirSync(folder, { mode: 0o700 });
  const path = await forStatePath(folder, rule.text);
  writeFileSync(path, content);
  const results = await applyFor(rule, [result('fired')], { folder, uid, now: at(0) });
  expect(results.map(({ state }) => state)).toEqual(['pending', 'unknown']);
  expect(results[1]).toMatchObject({ rule: rule.text, name: 'busy', severity: 'warning', metric: 'load1', labels: {} });
  expect(results[1]!.message).toContain(`${path} was corrupt and is replaced`);
  expect(await look(folder, 15)).toEqual(['fired']);
});

test('a file of a newer devops is refused, stays as it is, and hides no other result', async () => {
  const folder = newFolder();
  mkdirSync(folder, { mode: 0o700 });
  const path = await forStatePath(folder, rule.text);
  writeFileSync(path, '{"version":2,"secret":"plan"}');
  expect(() => loadForState(path)).toThrow(UserError);
  const results = await applyFor(rule, [result('fired')], { folder, uid, now: at(0) });
  expect(results.map(({ state }) => state)).toEqual(['pending', 'unknown']);
  expect(results[1]!.message).toContain('was written by a newer devops (version 2, known is 1)');
  expect(readFileSync(path, 'utf8')).toBe('{"version":2,"secret":"plan"}');
});

test('state that cannot be read or kept is told beside the results', async () => {
  const unreadable = newFolder();
  mkdirSync(await forStatePath(unreadable, rule.text), { recursive: true, mode: 0o700 });
  expect(await look(unreadable, 0)).toEqual(['pending', 'unknown']);

  const inTheWay = newFolder();
  writeFileSync(inTheWay, '');
  expect(await look(inTheWay, 0)).toEqual(['pending', 'unknown']);

  const open = newFolder();
  mkdirSync(open);
  chmodSync(open, 0o777);
  const results = await applyFor(rule, [result('fired')], { folder: open, uid, now: at(0) });
  expect(results[1]!.message).toMatch(/^'for' cannot be told: will not use the directory/);
});

test('what is stored is what is loaded', () => {
  const folder = newFolder();
  mkdirSync(folder);
  const path = join(folder, 'state.json');
  const time = fc.integer({ min: 0, max: 4e12 });
  const held = fc.record({
    labels: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
    since: time,
    more: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(held, { maxLength: 5 }), (instances) => {
      const state: ForState = new Map(
        instances.map(({ labels, since, more }) => [identityOf(labels), { labels, since, seen: since + more }]),
      );
      storeForState(path, 'rule', state);
      expect(loadForState(path)).toEqual({ state });
    }),
    { numRuns: 50 },
  );
});
