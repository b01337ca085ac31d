import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { acquireLock } from '../../../src/lib/locks/acquire-lock.ts';
import { DeliveryFailure } from '../../../src/lib/notify/notifier.ts';
import { enqueue } from '../../../src/lib/spool/enqueue.ts';
import type { SpoolEntry } from '../../../src/lib/spool/entry.ts';
import { flush } from '../../../src/lib/spool/flush.ts';
import { alertEntry, flushOptions, makeSpool } from './entries.ts';

const parent = mkdtempSync(join(tmpdir(), 'devops-spool-'));
afterAll(() => rmSync(parent, { recursive: true }));

const stored = (folder: string, id: string, place = 'new'): SpoolEntry =>
  JSON.parse(readFileSync(join(folder, place, `${id}.json`), 'utf8')) as SpoolEntry;

test('all that waits is delivered, oldest first, and removed', async () => {
  const folder = makeSpool(parent);
  const entries = [30, 10, 20].map((createdAt) => alertEntry({ id: `at-${createdAt}`, createdAt }));
  for (const entry of entries) enqueue(folder, entry);
  const taken: SpoolEntry[] = [];
  const deliver = async (entry: SpoolEntry): Promise<void> => void taken.push(entry);
  const result = await flush(folder, flushOptions({ deliver }));
  expect(taken).toEqual([entries[1], entries[2], entries[0]]);
  expect(result).toEqual({
    state: 'flushed',
    delivered: ['at-10', 'at-20', 'at-30'],
    waiting: [],
    dead: [],
    unreadable: [],
  });
  expect(readdirSync(join(folder, 'new'))).toEqual([]);
});

test('an empty spool and none at all need no lock', async () => {
  const folder = makeSpool(parent);
  const deliver = async (): Promise<void> => {};
  expect(await flush(folder, flushOptions({ deliver }))).toMatchObject({ state: 'flushed', delivered: [] });
  expect(await flush(join(parent, 'none'), flushOptions({ deliver }))).toMatchObject({ state: 'flushed' });
  expect(existsSync(join(folder, 'flush.lock'))).toBe(false);
});

test('what fails waits longer each time, and the server is not asked for the next ones', async () => {
  const folder = makeSpool(parent);
  enqueue(folder, alertEntry({ id: 'first', createdAt: 1 }));
  enqueue(folder, alertEntry({ id: 'second', createdAt: 2 }));
  enqueue(folder, alertEntry({ id: 'other', createdAt: 3, to: 'chat' }));
  const asked: string[] = [];
  const deliver = async ({ id, to }: SpoolEntry): Promise<void> => {
    asked.push(id);
    if (to === 'ops') throw new DeliveryFailure('the server is down\nnow', { permanent: false });
  };
  const result = await flush(folder, flushOptions({ deliver }));
  const reason = String.raw`the server is down\nnow`;
  expect(asked).toEqual(['first', 'other']);
  expect(result.delivered).toEqual(['other']);
  expect(result.waiting).toEqual([
    { id: 'first', to: 'ops', reason },
    { id: 'second', to: 'ops', reason },
  ]);
  expect(stored(folder, 'first')).toMatchObject({ attempts: 1, notBefore: 2030, lastError: reason });
  expect(stored(folder, 'second')).toMatchObject({ attempts: 0 });
  expect(statSync(join(folder, 'new/first.json')).mode & 0o777).toBe(0o600);

  asked.length = 0;
  const early = await flush(folder, flushOptions({ deliver, now: () => 2029 }));
  expect(early.waiting).toHaveLength(2);
  expect(asked).toEqual([]);
  await flush(folder, flushOptions({ deliver, now: () => 2030 }));
  expect(asked).toEqual(['first']);
  expect(stored(folder, 'first')).toMatchObject({ attempts: 2, notBefore: 2090 });
});

test('a new alert has the server tried again at once, and what is older goes first', async () => {
  const folder = makeSpool(parent);
  enqueue(folder, alertEntry({ id: 'failed', createdAt: 1900, attempts: 7, notBefore: 3000 }));
  enqueue(folder, alertEntry({ id: 'again', createdAt: 1990, attempts: 1, notBefore: 2025 }));
  enqueue(folder, alertEntry({ id: 'new', createdAt: 2000 }));
  const asked: string[] = [];
  const deliver = async ({ id }: SpoolEntry): Promise<void> => void asked.push(id);
  await flush(folder, flushOptions({ deliver }));
  // What failed so often may itself be the reason.
  expect(asked).toEqual(['again', 'new', 'failed']);
});

test('the server says how long to wait', async () => {
  const folder = makeSpool(parent);
  const entry = alertEntry();
  enqueue(folder, entry);
  const failure = new DeliveryFailure('too many', { permanent: false, retryAfterSeconds: 500 });
  await flush(folder, flushOptions({ deliver: () => Promise.reject(failure) }));
  expect(stored(folder, entry.id).notBefore).toBe(2500);
});

test('what can never be delivered is kept as dead and holds up nobody', async () => {
  const folder = makeSpool(parent);
  enqueue(folder, alertEntry({ id: 'bad', createdAt: 1 }));
  enqueue(folder, alertEntry({ id: 'good', createdAt: 2 }));
  const deliver = async ({ id }: SpoolEntry): Promise<void> => {
    if (id === 'bad') throw new DeliveryFailure('550 no such user', { permanent: true });
  };
  const result = await flush(folder, flushOptions({ deliver }));
  expect(result).toMatchObject({ delivered: ['good'], dead: [{ id: 'bad', to: 'ops', reason: '550 no such user' }] });
  expect(readdirSync(join(folder, 'new'))).toEqual([]);
  expect(stored(folder, 'bad', 'dead')).toMatchObject({ lastError: '550 no such user', attempts: 1 });
});

test('what is no entry is told and left alone', async () => {
  const folder = makeSpool(parent);
  const content = (name: string, text: string): void => writeFileSync(join(folder, 'new', name), text);
  content('torn.json', '{"version":1,"id":"to');
  content('newer.json', '{"version":2,"id":"newer","content":{}}');
  content('empty.json', '');
  content('list.json', '[]');
  content('other.json', JSON.stringify(alertEntry({ id: 'another' })));
  content('void.json', JSON.stringify({ ...alertEntry({ id: 'void' }), content: { mail: { to: [] } } }));
  content('what is this', '');
  symlinkSync('/etc/passwd', join(folder, 'new/link.json'));
  enqueue(folder, alertEntry({ id: 'good' }));
  const before = readdirSync(join(folder, 'new')).toSorted();
  const { delivered, unreadable, ...rest } = await flush(folder, flushOptions({ deliver: async () => {} }));
  expect(delivered).toEqual(['good']);
  expect(rest).toMatchObject({ waiting: [], dead: [] });
  expect(Object.fromEntries(unreadable.map(({ file, reason }) => [file, reason]))).toEqual({
    'torn.json': 'it is not JSON',
    'newer.json': 'a newer devops wrote it (version 2)',
    'empty.json': 'it is not JSON',
    'list.json': 'it is not an entry as devops writes it',
    'other.json': 'its name is not its id',
    'void.json': 'it has neither an alert nor a mail',
    'what is this': 'it is not an entry as devops writes it',
    'link.json': 'it is a symbolic link',
  });
  expect(readdirSync(join(folder, 'new')).toSorted()).toEqual(before.filter((name) => name !== 'good.json'));
});

test('one flush at a time: another one leaves, or waits', async () => {
  const folder = makeSpool(parent);
  enqueue(folder, alertEntry());
  let inside = 0;
  const deliver = async (): Promise<void> => {
    expect(++inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    inside--;
  };
  const [first, second, third] = await Promise.all([
    flush(folder, flushOptions({ deliver })),
    flush(folder, flushOptions({ deliver })),
    flush(folder, flushOptions({ deliver, waitForLockSeconds: 5 })),
  ]);
  expect([first, second].map(({ state }) => state).toSorted()).toEqual(['busy', 'flushed']);
  expect(third).toMatchObject({ state: 'flushed', delivered: [] });
});

test('a wait for the lock is no longer than the deadline', async () => {
  const folder = makeSpool(parent);
  enqueue(folder, alertEntry());
  const signal = new AbortController().signal;
  const request = { env: process.env, signal, pid: process.pid, now: 0, what: '' };
  const answer = await acquireLock(join(folder, 'flush.lock'), request);
  const began = performance.now();
  const options = flushOptions({ deliver: async () => {}, waitForLockSeconds: 60, deadlineSeconds: 0.3 });
  expect(await flush(folder, options)).toMatchObject({ state: 'busy' });
  expect(performance.now() - began).toBeLessThan(3000);
  if ('lock' in answer) answer.lock.release();
});

test('a notifier that never answers is over at the deadline, and the others are served', async () => {
  const folder = makeSpool(parent);
  for (let i = 0; i < 6; i++) enqueue(folder, alertEntry({ id: `silent-${i}`, createdAt: i, to: `silent-${i}` }));
  enqueue(folder, alertEntry({ id: 'good', createdAt: 100, to: 'good' }));
  const deliver = ({ to }: SpoolEntry): Promise<void> => (to === 'good' ? Promise.resolve() : new Promise(() => {}));
  const began = performance.now();
  const result = await flush(folder, flushOptions({ deliver, deadlineSeconds: 1 }));
  expect(performance.now() - began).toBeLessThan(1400);
  expect(result.delivered).toEqual(['good']);
  expect(result.waiting).toHaveLength(6);
  expect(result.waiting[0]!.reason).toBe('not done within 0.5s');
  expect(stored(folder, 'silent-0')).toMatchObject({ attempts: 1, lastError: 'not done within 0.5s' });
});

test('the signal of a delivery aborts before the deadline, and what is taken until then counts', async () => {
  const folder = makeSpool(parent);
  const entry = alertEntry();
  enqueue(folder, entry);
  const deliver = (_: SpoolEntry, { signal }: { signal: AbortSignal }): Promise<void> =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve());
    });
  expect(await flush(folder, flushOptions({ deliver, deadlineSeconds: 0.5 }))).toMatchObject({ delivered: [entry.id] });
});

test('an interrupted flush changes nothing of what it did not deliver', async () => {
  const folder = makeSpool(parent);
  const entry = alertEntry();
  enqueue(folder, entry);
  const controller = new AbortController();
  const deliver = (): Promise<void> => {
    controller.abort(new Error('interrupted'));
    return new Promise(() => {});
  };
  const result = await flush(folder, flushOptions({ deliver, signal: controller.signal }));
  expect(result.waiting).toEqual([{ id: entry.id, to: 'ops', reason: 'interrupted' }]);
  expect(stored(folder, entry.id)).toEqual(entry);
});

test('the words of an unexpected error are not kept', async () => {
  const folder = makeSpool(parent);
  const entry = alertEntry();
  enqueue(folder, entry);
  const deliver = (): Promise<void> => Promise.reject(new TypeError('no URL: https://hooks.example.org/T0/secret'));
  await flush(folder, flushOptions({ deliver }));
  expect(stored(folder, entry.id)).toMatchObject({ attempts: 1, lastError: 'an unexpected error, TypeError' });
});

test('of named entries only these are tried, although their time has not come', async () => {
  const folder = makeSpool(parent);
  enqueue(folder, alertEntry({ id: 'one', attempts: 3, notBefore: 2100 }));
  enqueue(folder, alertEntry({ id: 'two' }));
  const result = await flush(folder, flushOptions({ deliver: async () => {}, only: new Set(['one']) }));
  expect(result).toMatchObject({ delivered: ['one'], waiting: [] });
  expect(readdirSync(join(folder, 'new'))).toEqual(['two.json']);
});

test('a clock that was put back does not keep an alert for years', async () => {
  const folder = makeSpool(parent);
  const entry = alertEntry({ attempts: 2, notBefore: 2000 + 400 * 86_400, createdAt: 2000 + 399 * 86_400 });
  enqueue(folder, entry);
  expect(await flush(folder, flushOptions({ deliver: async () => {} }))).toMatchObject({ delivered: [entry.id] });
});

test('an entry that is removed meanwhile is not delivered', async () => {
  const folder = makeSpool(parent);
  enqueue(folder, alertEntry({ id: 'a', createdAt: 1 }));
  enqueue(folder, alertEntry({ id: 'b', createdAt: 2 }));
  const deliver = async (): Promise<void> => rmSync(join(folder, 'new/b.json'), { force: true });
  expect(await flush(folder, flushOptions({ deliver }))).toMatchObject({ delivered: ['a'], waiting: [] });
});

test('what a killed writer has left behind is removed an hour later', async () => {
  const folder = makeSpool(parent);
  const now = Date.now() / 1000;
  const [old, young] = ['a', 'b'].map((letter) => join(folder, 'new', `.devops-${letter.repeat(32)}.tmp`));
  for (const path of [old!, young!]) writeFileSync(path, '');
  utimesSync(old!, now - 3700, now - 3700);
  enqueue(folder, alertEntry());
  await flush(folder, flushOptions({ deliver: async () => {}, now: () => now }));
  expect([existsSync(old!), existsSync(young!)]).toEqual([false, true]);
});
