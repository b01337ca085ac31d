import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { enqueue } from '../../../src/lib/spool/enqueue.ts';
import { openSpool, spoolFolder } from '../../../src/lib/spool/spool-folder.ts';
import { countWaiting, waiting } from '../../../src/lib/spool/waiting.ts';
import { alertEntry, makeSpool } from './entries.ts';

const parent = mkdtempSync(join(tmpdir(), 'devops-enqueue-'));
afterAll(() => rmSync(parent, { recursive: true }));

test('the spool is private, and so is what it holds', () => {
  const uid = process.getuid!();
  const account = { env: { STATE_DIRECTORY: join(parent, 'state') }, uid, homeDirectory: undefined };
  expect(existsSync(spoolFolder(account))).toBe(false);
  const folder = openSpool(account);
  expect(folder).toBe(spoolFolder(account));
  const entry = alertEntry();
  enqueue(folder, entry);
  expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700);
  const path = join(folder, 'new', `${entry.id}.json`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(entry);
  enqueue(folder, entry);
  expect(readdirSync(join(folder, 'new'))).toEqual([`${entry.id}.json`]);
});

test('what is too large, too much or cannot be written is refused', () => {
  const folder = makeSpool(parent);
  const attachments = [{ name: 'a', base64: 'x'.repeat(41 * 1024 ** 2) }];
  const mail = { to: ['a@example.org'], subject: '', text: '', attachments, messageId: 'a@b' };
  expect(() => enqueue(folder, alertEntry({ content: { mail } }))).toThrow('larger than 40 MiB');
  expect(() => enqueue(folder, alertEntry({ id: '../escaped' }))).toThrow(RangeError);
  expect(() => enqueue(join(parent, 'none'), alertEntry())).toThrow(
    expect.objectContaining({ name: 'UserError', code: 'not-found' }),
  );
  expect(readdirSync(join(folder, 'new'))).toEqual([]);
  for (let count = 0; count < 10_000; count++) writeFileSync(join(folder, 'new', `${count}.json`), '');
  expect(() => enqueue(folder, alertEntry())).toThrow(
    expect.objectContaining({ name: 'UserError', hints: [expect.stringContaining('devops notify flush')] }),
  );
});

test('what waits is counted by notifier, and the oldest is told', () => {
  const folder = makeSpool(parent);
  const none = { count: 0, dead: 0, byNotifier: {}, unreadable: 0 };
  expect(waiting(folder, 2000)).toEqual(none);
  expect(waiting(join(parent, 'none'), 2000)).toEqual(none);
  enqueue(folder, alertEntry({ createdAt: 1500 }));
  enqueue(folder, alertEntry({ createdAt: 1200 }));
  enqueue(folder, alertEntry({ to: 'mailto:ops@example.org', createdAt: 1900 }));
  enqueue(folder, alertEntry({ to: '__proto__', createdAt: 1900 }));
  writeFileSync(join(folder, 'new/torn.json'), '{');
  writeFileSync(join(folder, 'dead/one.json'), '');
  expect(waiting(folder, 2000)).toEqual({
    count: 5,
    oldestSeconds: 800,
    dead: 1,
    byNotifier: Object.fromEntries([
      ['ops', 2],
      ['mailto:ops@example.org', 1],
      ['__proto__', 1],
    ]),
    unreadable: 1,
  });
  expect(countWaiting(folder)).toBe(5);
  expect(countWaiting(join(parent, 'none'))).toBe(0);
  // By a clock that was put back.
  expect(waiting(folder, 100).oldestSeconds).toBe(0);
});
