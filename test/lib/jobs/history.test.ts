import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { appendRun } from '../../../src/lib/jobs/history.ts';
import { lastRun, readHistory, readRuns } from '../../../src/lib/jobs/read-history.ts';
import { rotate, rotateHistory } from '../../../src/lib/jobs/rotate-history.ts';
import { jobRun } from './job-runs.ts';

const parent = mkdtempSync(join(tmpdir(), 'devops-history-'));
afterAll(() => rmSync(parent, { recursive: true }));
const newFolder = (): string => mkdtempSync(join(parent, 'job-'));
const ids = (folder: string, last?: number): string[] => readRuns(folder, { last }).map(({ runId }) => runId);
const now = Date.parse('2026-11-20T12:00:00Z') / 1000;

test('what is added is read again, the newest last', () => {
  const folder = newFolder();
  expect(readRuns(folder)).toEqual([]);
  expect(lastRun(folder)).toBeUndefined();
  const runs = ['a', 'b', 'c'].map((runId) => jobRun({ runId, state: runId === 'b' ? 'failed' : 'ok' }));
  for (const run of runs) appendRun(folder, run);
  expect(readRuns(folder)).toEqual(runs);
  expect(ids(folder, 2)).toEqual(['b', 'c']);
  expect(ids(folder, 0)).toEqual([]);
  expect(lastRun(folder)).toEqual(runs[2]);
  expect(lastRun(folder, ({ state }) => state === 'failed')).toEqual(runs[1]);
  expect(statSync(join(folder, 'history.jsonl')).mode & 0o777).toBe(0o600);
  expect(readRuns(join(parent, 'none'))).toEqual([]);
});

test('a torn line costs no other run', () => {
  const folder = newFolder();
  for (const runId of ['a', 'b']) appendRun(folder, jobRun({ runId }));
  const path = join(folder, 'history.jsonl');
  truncateSync(path, statSync(path).size - 40);
  expect(readHistory(folder)).toEqual({ runs: [jobRun({ runId: 'a' })], broken: 0 });
  for (const runId of ['c', 'd']) appendRun(folder, jobRun({ runId }));
  const { runs, broken } = readHistory(folder);
  expect(runs.map(({ runId }) => runId)).toEqual(['a', 'c', 'd']);
  expect(broken).toBe(1);
});

test('what something else wrote is counted and passed over, however long', () => {
  const folder = newFolder();
  const path = join(folder, 'history.jsonl');
  appendRun(folder, jobRun({ runId: 'a' }));
  const foreign = ['hello', '[]', 'null', '{"job":"x"}', JSON.stringify({ ...jobRun(), state: 'new' }), '', '\xff'];
  appendFileSync(path, `${foreign.join('\n')}\n${'y'.repeat(300_000)}\n`);
  appendRun(folder, jobRun({ runId: 'b' }));
  appendFileSync(path, 'z'.repeat(70_000));
  appendRun(folder, jobRun({ runId: 'c' }));
  const { runs, broken } = readHistory(folder);
  expect(runs.map(({ runId }) => runId)).toEqual(['a', 'b', 'c']);
  expect(broken).toBe(8);
});

test('lines of every length are read whole across the blocks of the file', () => {
  const folder = newFolder();
  const runs = Array.from({ length: 600 }, (_, index) =>
    jobRun({ runId: String(index), ended: 'ü'.repeat((index * 37) % 2000) }),
  );
  for (const run of runs) appendRun(folder, run);
  expect(readRuns(folder)).toEqual(runs);
});

test('a long text is cut, so that a line stays one write', () => {
  const folder = newFolder();
  appendRun(folder, jobRun({ ended: '\u0000'.repeat(100_000), heldBy: 'y'.repeat(100_000) }));
  const [run] = readRuns(folder);
  expect(run!.ended).toHaveLength(2000);
  expect(run!.heldBy).toHaveLength(2000);
});

test('the history is rotated by whole files, and at least as many runs stay as are to be kept', () => {
  const folder = newFolder();
  const keep = { runs: 10, days: 90 };
  for (let index = 0; index < 100; index++) {
    appendRun(folder, jobRun({ runId: String(index) }));
    rotate(folder, keep, now);
    const kept = ids(folder);
    expect(kept.length).toBeGreaterThanOrEqual(Math.min(index + 1, keep.runs));
    expect(kept.length).toBeLessThanOrEqual(30);
    expect(kept).toEqual(Array.from(kept, (_, at) => String(index - kept.length + 1 + at)));
  }
  expect(readdirSync(folder).length).toBeLessThanOrEqual(3);
});

test('old parts of the history go after the days, but never all at once', () => {
  const folder = newFolder();
  const keep = { runs: 1000, days: 90 };
  const rotateAt = (day: number): void => rotate(folder, keep, now + day * 86_400);
  appendRun(folder, jobRun({ runId: 'first' }));
  rotateAt(89);
  expect(readdirSync(folder)).toEqual(['history.jsonl']);
  rotateAt(91);
  appendRun(folder, jobRun({ runId: 'second', startedAt: '2027-02-19T10:00:00Z', endedAt: '2027-02-19T10:00:00Z' }));
  expect(ids(folder)).toEqual(['first', 'second']);
  rotateAt(91 + 92);
  expect(ids(folder)).toEqual(['second']);
});

test('logs beyond the number and the days are removed, never the newest', () => {
  const folder = newFolder();
  const runs = join(folder, 'runs');
  mkdirSync(runs);
  const log = (name: string, ageDays: number): void => {
    writeFileSync(join(runs, name), '');
    utimesSync(join(runs, name), now - ageDays * 86_400, now - ageDays * 86_400);
  };
  for (let age = 0; age < 6; age++) log(`${age}.log`, age);
  log('notes', 1000);
  mkdirSync(join(runs, 'folder.log'));
  rotate(folder, { runs: 5, days: 2.5 }, now);
  expect(readdirSync(runs).toSorted()).toEqual(['0.log', '1.log', '2.log', 'folder.log', 'notes']);
  rotate(folder, { runs: 2, days: 90 }, now);
  expect(readdirSync(runs).toSorted()).toEqual(['0.log', '1.log', 'folder.log', 'notes']);
  rotate(folder, { runs: 2, days: 90 }, now + 1000 * 86_400);
  expect(readdirSync(runs).toSorted()).toEqual(['0.log', 'folder.log', 'notes']);
});

test('of 8 processes that add runs while the history is rotated all the time, no line is lost or broken', async () => {
  const folder = newFolder();
  const script = join(import.meta.dirname, 'append-runs.ts');
  const running = new Set(Array.from({ length: 8 }, (_, name) => name));
  const ends = Array.from(running, async (name) => {
    const child = spawn(process.execPath, [script, folder, String(name), '200'], { stdio: 'inherit' });
    expect((await once(child, 'close'))[0]).toBe(0);
    running.delete(name);
  });
  let rotations = 0;
  while (running.size > 0) {
    const before = readdirSync(folder).length;
    rotateHistory(folder, { runs: 1e6, days: 90, partRuns: 10 }, now);
    if (readdirSync(folder).length > before) rotations++;
    // What a reader sees meanwhile is whole, too.
    expect(readHistory(folder, { last: 50 }).broken).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(ends);
  const { runs, broken } = readHistory(folder);
  expect(broken).toBe(0);
  expect(runs).toHaveLength(1600);
  expect(new Set(runs.map(({ runId }) => runId)).size).toBe(1600);
  expect(rotations).toBeGreaterThan(3);
});

test('two that rotate at once lose nothing', () => {
  const folder = newFolder();
  for (let index = 0; index < 50; index++) appendRun(folder, jobRun({ runId: String(index) }));
  const source = join(import.meta.dirname, '../../../src/lib/jobs/rotate-history.ts');
  const script = `import { rotateHistory } from ${JSON.stringify(source)};
    for (let i = 0; i < 200; i++) rotateHistory(${JSON.stringify(folder)}, { runs: 50, days: 90, partRuns: 1 }, ${now});`;
  const shell = `for i in 1 2 3; do "$0" --input-type=module -e "$1" & done; wait`;
  execFileSync('sh', ['-c', shell, process.execPath, script]);
  expect(ids(folder)).toEqual(Array.from({ length: 50 }, (_, index) => String(index)));
});

test('a folder that is not there, a link and a full disk are told', ({ skip }) => {
  expect(() => appendRun(join(parent, 'none'), jobRun())).toThrow(
    expect.objectContaining({ name: 'UserError', code: 'not-found' }),
  );
  const folder = newFolder();
  symlinkSync('/dev/full', join(folder, 'history.jsonl'));
  expect(() => appendRun(folder, jobRun())).toThrow('too many symbolic links');
  expect(() => readRuns(folder)).toThrow('too many symbolic links');
  skip(process.getuid!() !== 0, 'only root can mount a small disk');
  const disk = newFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  try {
    appendRun(disk, jobRun({ runId: 'a' }));
    writeFileSync(join(disk, 'filler'), Buffer.alloc(60 * 1024));
    expect(() => {
      for (let index = 0; index < 100; index++) appendRun(disk, jobRun({ ended: 'x'.repeat(1900) }));
    }).toThrow(expect.objectContaining({ name: 'UserError', message: expect.stringContaining(disk) }));
    rmSync(join(disk, 'filler'));
    appendRun(disk, jobRun({ runId: 'b' }));
    expect(ids(disk).at(-1)).toBe('b');
    expect(readFileSync(join(disk, 'history.jsonl'), 'utf8')).toMatch(/\n$/);
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
});
