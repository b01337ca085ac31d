import { appendFileSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Follower, followFile } from '../../../src/lib/jobs/follow-file.ts';

let folder: string;
let path: string;
let follower: Follower | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'follow-file-'));
  path = join(folder, 'log');
  writeFileSync(path, '');
});

afterEach(() => {
  follower?.close();
  follower = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function follow(take?: (text: string) => Promise<void> | undefined) {
  const taken: string[] = [];
  follower = followFile(openSync(path, 'r'), (piece) => {
    taken.push(piece.toString());
    return take?.(piece.toString());
  });
  return { follower, text: () => taken.join('') };
}

describe('a file that is followed', () => {
  test('is passed on while it grows, and once more in the end', async () => {
    const { follower: one, text } = follow();
    appendFileSync(path, 'first\n');
    await vi.waitFor(() => expect(text()).toBe('first\n'), { timeout: 2000 });
    appendFileSync(path, 'second\n');
    await one.end();
    expect(text()).toBe('first\nsecond\n');
  });

  test('is passed on byte for byte, in pieces of 64 KiB at most', async () => {
    const bytes = Array.from({ length: 300_000 }, (_, index) => index % 10).join('');
    writeFileSync(path, bytes);
    let longest = 0;
    const { follower: one, text } = follow((piece) => void (longest = Math.max(longest, piece.length)));
    await one.end();
    expect(text()).toBe(bytes);
    expect(longest).toBe(65_536);
  });

  test('that becomes shorter is passed on from its beginning again', async () => {
    const { follower: one, text } = follow();
    appendFileSync(path, 'a long line that was there\n');
    await vi.waitFor(() => expect(text()).toContain('there'), { timeout: 2000 });
    truncateSync(path);
    appendFileSync(path, 'short\n');
    await vi.waitFor(() => expect(text()).toContain('short'), { timeout: 2000 });
    truncateSync(path);
    appendFileSync(path, 'end\n');
    await one.end();
    expect(text()).toBe('a long line that was there\nshort\nend\n');
  });

  test('ends where it ended, however much somebody goes on to write', async () => {
    appendFileSync(path, 'ours\n');
    const { follower: one, text } = follow(() => {
      appendFileSync(path, 'more\n');
      return undefined;
    });
    await one.end();
    expect(text()).toBe('ours\nmore\n');
  });

  test('leaves out what is to be left out', async () => {
    const { follower: one, text } = follow();
    appendFileSync(path, 'shown');
    const [from, to] = [5, 5 + 100_000];
    appendFileSync(path, 'x'.repeat(100_000));
    one.skip(from, to);
    appendFileSync(path, ' again');
    await one.end();
    expect(text()).toBe('shown again');
  });

  test('waits for its reader and for nothing else', async () => {
    const { promise: room, resolve } = Promise.withResolvers<void>();
    writeFileSync(path, 'x'.repeat(200_000));
    const { follower: one, text } = follow(() => room);
    let isOver = false;
    const end = one.end().then(() => void (isOver = true));
    await new Promise((wait) => setTimeout(wait, 100));
    expect(text()).toHaveLength(65_536);
    expect(isOver).toBe(false);
    resolve();
    await end;
    expect(text()).toHaveLength(200_000);
  });

  test('is let go of when its reader has gone', async () => {
    writeFileSync(path, 'x'.repeat(200_000));
    const { follower: one, text } = follow(() => Promise.reject(new Error('gone')));
    await one.end();
    expect(text()).toHaveLength(65_536);
  });

  test('keeps a timer from nothing, however fast its reader is', async () => {
    truncateSync(path, 64 * 1024 * 1024);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    follower = followFile(openSync(path, 'r'), () => undefined);
    await follower.end();
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });
});
