import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { readSecretFile } from '../../../src/lib/secrets/read-secret-file.ts';

const uid = process.getuid!();

describe('a file with a secret', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'devops-secret-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (content: string | Buffer, mode = 0o600): string => {
    const path = join(folder, 'secret');
    rmSync(path, { force: true });
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };
  const failureOf = (path: string, who = uid): UserError => {
    try {
      readSecretFile(path, who);
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
    throw new Error('it was read');
  };

  test.for([
    ['pass word', 'pass word'],
    ['password\n', 'password'],
    ['password\r\n', 'password'],
    ['password\n\n', 'password\n'],
    [' password ', ' password '],
    ['pâss\n', 'pâss'],
    ['\n', ''],
    ['', ''],
  ] as const)('%j gives %j', ([content, secret]) => {
    expect(readSecretFile(write(content), uid)).toBe(secret);
    expect(readSecretFile(write(content, 0o400), uid)).toBe(secret);
  });

  test.for([0o640, 0o604, 0o620, 0o601, 0o666])('that others can use (mode %i) is refused', (mode) => {
    const path = write('hidden', mode);
    const failure = failureOf(path);
    expect(failure).toMatchObject({ code: 'permission', message: expect.stringContaining('others than its owner') });
    expect(failure.hints).toEqual([`take that away: chmod 600 '${path}'`]);
  });

  test('behind a link is judged by itself', () => {
    const path = write('hidden', 0o644);
    symlinkSync(path, join(folder, 'link'));
    expect(failureOf(join(folder, 'link')).message).toContain('(mode 0644)');
  });

  test('that belongs to somebody else is refused, unless that is root', () => {
    const path = write('hidden');
    if (uid === 0) expect(readSecretFile(path, 12_345)).toBe('hidden');
    else expect(failureOf(path, uid + 1).message).toContain(`belongs to user ${uid}`);
    if (uid !== 0) return;
    execFileSync('chown', ['12345', path]);
    expect(failureOf(path, 0).message).toContain('it belongs to user 12345, not to root');
    expect(failureOf(path, 54_321).message).toContain('neither to us (user 54321) nor to root');
    expect(readSecretFile(path, 12_345)).toBe('hidden');
  });

  test('that is missing, a folder, a device or a named pipe is refused at once', () => {
    expect(failureOf(join(folder, 'missing'))).toMatchObject({ code: 'not-found' });
    execFileSync('mkfifo', ['-m', '600', join(folder, 'pipe')]);
    for (const path of [folder, '/dev/null', join(folder, 'pipe')]) {
      expect(failureOf(path).message).toContain('it is no regular file');
    }
  });

  test('that is larger than 64 KiB, or not UTF-8, is refused without showing it', () => {
    expect(readSecretFile(write('x'.repeat(65_536)), uid)).toHaveLength(65_536);
    expect(failureOf(write('x'.repeat(65_537))).message).toContain('it is larger than 64.0 KiB');
    const failure = failureOf(write(Buffer.from('hidden\xff', 'latin1')));
    expect(failure.message).toContain('it is not UTF-8');
    expect(failure.message).not.toContain('hidden');
    expect(failure.cause).toBeUndefined();
  });
});
