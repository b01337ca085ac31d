import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readState, writeState } from '../../../../src/lib/logs/cursor/cursor-state.ts';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { deliver } from './deliver.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-cursor-state-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what is written comes back, from a private file that holds nothing of the log', async () => {
  const log = join(folder, 'app.log');
  writeFileSync(log, 'password=hunter2\n');
  const { next } = await deliver(log, undefined, { fromStart: true });
  const path = join(folder, 'state.json');
  const files = new Map([[log, next]]);
  writeState(path, { files });
  expect(readState(path)).toEqual({ files });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).not.toContain('hunter2');
});

test('hits and journals come back, whatever their names', () => {
  const path = join(folder, 'more.json');
  const state = {
    files: new Map(),
    recentHits: new Map([
      ['__proto__', [1, 2.5]],
      ['oom', []],
    ]),
    journals: new Map([['nginx.service', 's=abc;i=1']]),
  };
  writeState(path, state);
  expect(readState(path)).toEqual(state);
});

test('no file is the first run', () => {
  expect(readState(join(folder, 'none.json'))).toBeUndefined();
});

const mark = {
  path: '/x',
  kind: 'plain',
  identity: { device: '1', inode: '2', birthtime: '3', size: 0, modified: '4' },
  offset: 0,
  isComplete: true,
  head: { length: 0, hash: 'a'.repeat(64) },
  tail: { length: 0, hash: 'a'.repeat(64) },
};
const stored = (marks: unknown, more: object = {}): string =>
  JSON.stringify({ kind: 'devops log cursor', version: 1, files: { '/x': { marks } }, ...more });

test('the shape that the refusals below are broken from is read', () => {
  const path = join(folder, 'good.json');
  writeFileSync(path, stored([mark]));
  expect(readState(path)?.files.size).toBe(1);
});

test.for([
  ['an empty file', '', 'is damaged'],
  ['a torn file', stored([mark]).slice(0, -20), 'is damaged'],
  ['a file of something else', '{"version":1}', 'is not the state of a log search'],
  ['an array', '[]', 'is not the state of a log search'],
  ['a newer version', stored([mark], { version: 2 }), 'newer devops (version 2, known is 1)'],
  ['no version', stored([mark], { version: undefined }), 'is damaged'],
  ['no files', stored([mark], { files: 7 }), 'is damaged'],
  ['marks that are none', stored(7), 'is damaged'],
  ['too many marks', stored(Array.from({ length: 17 }, () => mark)), 'is damaged'],
  ['a negative offset', stored([{ ...mark, offset: -1 }]), 'is damaged'],
  ['an offset that is no number', stored([{ ...mark, offset: '7' }]), 'is damaged'],
  ['a tail that does not fit the offset', stored([{ ...mark, offset: 300 }]), 'is damaged'],
  ['an inode that is no number', stored([{ ...mark, identity: { ...mark.identity, inode: 'x' } }]), 'is damaged'],
  ['a hash that is none', stored([{ ...mark, head: { length: 1, hash: 'x' } }]), 'is damaged'],
  ['hits that are none', stored([mark], { recentHits: [] }), 'is damaged'],
  ['a hit that is no number', stored([mark], { recentHits: { a: [1, null] } }), 'is damaged'],
  ['too many hits', stored([mark], { recentHits: { a: Array.from({ length: 16_385 }, () => 0) } }), 'is damaged'],
  ['a journal that is none', stored([mark], { journals: { a: 5 } }), 'is damaged'],
  ['an empty journal', stored([mark], { journals: { a: '' } }), 'is damaged'],
  ['a huge journal', stored([mark], { journals: { a: 'x'.repeat(5000) } }), 'is damaged'],
  [
    'too many journals',
    stored([mark], { journals: Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [index, 'x'])) }),
    'is damaged',
  ],
  ['an unknown kind', stored([{ ...mark, kind: 'rar' }]), 'is damaged'],
])('%s is refused with a hint and stays as it is', ([, text, reason]) => {
  const path = join(folder, 'bad.json');
  writeFileSync(path, text!);
  let refusal: unknown;
  try {
    readState(path);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(UserError);
  expect((refusal as UserError).message).toContain(reason);
  expect((refusal as UserError).hints.length).toBeGreaterThan(0);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a folder in the place of the state is an error, not a first run', () => {
  const path = join(folder, 'folder');
  mkdirSync(path);
  expect(() => readState(path)).toThrow('it is not a regular file');
});
