import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newJobState } from '../../../src/lib/jobs/job-state.ts';
import type { JobState } from '../../../src/lib/jobs/job-state.ts';
import { readJobState, writeJobState } from '../../../src/lib/jobs/job-state-file.ts';
import { event, verdict } from './attempts.ts';

const now = 1_800_000_000;
let folder: string;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-job-state-'));
  warnings = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function read(look = false): JobState {
  const { state, warning } = readJobState(folder, { job: 'backup', now, look });
  if (warning !== undefined) warnings.push(warning);
  return state;
}
const path = () => join(folder, 'state.json');

const full: JobState = {
  job: 'backup',
  createdAt: now - 100,
  lastGoodAt: now - 50.5,
  toldAt: now - 20,
  failures: 2,
  notOk: 3,
  skips: 4,
  stuck: { since: now, message: 'skipped', toldAt: now },
  missed: { since: now, message: 'missed', toldAt: now },
  subjects: new Map([
    ['__proto__', { since: now, verdicts: [verdict('__proto__', 'critical', { hint: 'look' })], told: [] }],
    ['a\nb', { since: now, verdicts: [verdict('a\nb', 'unknown')], told: [{ status: 'unknown', code: 'bad' }] }],
  ]),
  eventsTold: new Map([['constructor', { at: now, status: 'warning' }]]),
  collected: [{ at: now, verdict: event('log', 'e1') }],
};

test('what was written is read again', () => {
  writeJobState(folder, full);
  expect(read()).toEqual(full);
  writeJobState(folder, newJobState('backup', now));
  expect(read()).toEqual(newJobState('backup', now));
  expect(warnings).toEqual([]);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['state.json']);
});

test('a job that never ran has a new state and no file', () => {
  expect(read()).toEqual(newJobState('backup', now));
  expect(readdirSync(folder)).toEqual([]);
});

const stored = () => JSON.parse(readFileSync(path(), 'utf8')) as Record<string, unknown>;
test.each<[string, (good: Record<string, unknown>) => string]>([
  ['empty', () => ''],
  ['torn', (good) => JSON.stringify(good).slice(0, 90)],
  ['no object', () => '[]'],
  ['without a version', (good) => JSON.stringify({ ...good, version: undefined })],
  ['of a version that never was', (good) => JSON.stringify({ ...good, version: 0 })],
  ['with a time that no date can tell', (good) => JSON.stringify({ ...good, createdAt: 1e300 })],
  ['with a count that is none', (good) => JSON.stringify({ ...good, failures: -1 })],
  ['with a condition that is none', (good) => JSON.stringify({ ...good, stuck: { since: 1 } })],
  ['with subjects that are no list', (good) => JSON.stringify({ ...good, subjects: {} })],
  [
    'with a subject without a verdict',
    (good) => JSON.stringify({ ...good, subjects: [['a', { since: 1, verdicts: [], told: [] }]] }),
  ],
  [
    'with more subjects than are kept',
    (good) =>
      JSON.stringify({
        ...good,
        eventsTold: Array.from({ length: 20_001 }, (_, index) => [`${index}`, { at: 1, status: 'ok' }]),
      }),
  ],
  [
    'with a status that is none',
    (good) => JSON.stringify({ ...good, collected: [{ at: 1, verdict: { ...event('a', 'b'), status: 'bad' } }] }),
  ],
])('a file that is %s is put aside, told and begun anew', (_name, spoil) => {
  writeJobState(folder, full);
  const broken = spoil(stored());
  writeFileSync(path(), broken);
  expect(read(true)).toEqual(newJobState('backup', now));
  expect(readdirSync(folder)).toEqual(['state.json']);
  expect(read()).toEqual(newJobState('backup', now));
  expect(warnings).toHaveLength(2);
  expect(warnings[1]).toContain('is broken, so all that is not ok counts as new; it was put aside as');
  expect(readdirSync(folder)).toEqual(['state.json.broken-20270115T080000Z']);
  expect(readFileSync(join(folder, 'state.json.broken-20270115T080000Z'), 'utf8')).toBe(broken);
});

test('a file of a newer devops is refused and stays as it is', () => {
  const newer = '{"version":2,"job":"backup"}';
  writeFileSync(path(), newer);
  expect(() => read()).toThrow(expect.objectContaining({ code: 'unsupported' }));
  expect(readFileSync(path(), 'utf8')).toBe(newer);
  expect(warnings).toEqual([]);
});

test('what cannot be read is refused', () => {
  mkdirSync(path());
  expect(() => read()).toThrow('cannot read');
});

test('a folder that is not there is an error of one line', () => {
  expect(() => writeJobState(join(folder, 'none'), full)).toThrow(expect.objectContaining({ name: 'UserError' }));
});
