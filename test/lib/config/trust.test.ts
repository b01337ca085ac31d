import { mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireTrusted } from '../../../src/lib/config/trust.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-trust-')));
  path = join(folder, 'devops.yaml');
  writeFileSync(path, '', { mode: 0o600 });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function ownedBy(owner: number): BigIntStats {
  return Object.assign(statSync(path, { bigint: true }), { uid: BigInt(owner) });
}

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('a file of ours and a file of root are trusted', () => {
  expect(() => requireTrusted(path, ownedBy(1000), 1000)).not.toThrow();
  expect(() => requireTrusted(path, ownedBy(0), 1000)).not.toThrow();
  expect(() => requireTrusted(path, ownedBy(0), 0)).not.toThrow();
});

test('a file of anybody else is refused', () => {
  expect(thrownBy(() => requireTrusted(path, ownedBy(1001), 1000))).toMatchObject({
    message: `will not use the configuration '${path}': it belongs to user 1001, neither to us (user 1000) nor to root`,
    code: 'permission',
    hints: [`if you trust what it says: chown 1000 '${path}'`],
  });
});

test('root does not trust the file of a user', () => {
  expect(thrownBy(() => requireTrusted(path, ownedBy(1000), 0))).toMatchObject({
    message: `will not use the configuration '${path}': it belongs to user 1000, not to root`,
  });
});

test('a file that was removed after it was opened is an error', () => {
  const stats = ownedBy(0);
  rmSync(path);
  expect(thrownBy(() => requireTrusted(path, stats, 0))).toMatchObject({
    message: `cannot read '${path}': no such file or directory`,
  });
});
