import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { resolveSecret } from '../../../src/lib/secrets/resolve-secret.ts';
import type { SecretSource } from '../../../src/lib/secrets/secret-source.ts';

const uid = process.getuid!();

describe('a secret', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'devops-resolve-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: string, mode: number): void => {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), mode);
  };
  const failureOf = (source: SecretSource, env: Record<string, string> = {}): UserError => {
    try {
      resolveSecret(source, { env, uid });
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
    throw new Error('it was read');
  };

  test('comes from a variable, a file or a credential of the unit', () => {
    write('plain', 'from file\n', 0o600);
    // As systemd shows what an access list lets our user read.
    write('token', 'from systemd\n', 0o440);
    const env = { NAME: 'from env', CREDENTIALS_DIRECTORY: folder };
    expect(resolveSecret({ env: 'NAME' }, { env, uid })).toBe('from env');
    expect(resolveSecret({ file: join(folder, 'plain') }, { env, uid })).toBe('from file');
    expect(resolveSecret({ credential: 'token' }, { env, uid })).toBe('from systemd');
  });

  test('that is missing or empty is a mistake of the configuration that says where', () => {
    write('empty', '\n', 0o600);
    expect(failureOf({ env: 'NAME' })).toMatchObject({ code: 'config', message: expect.stringContaining("'NAME'") });
    expect(failureOf({ env: 'NAME' }, { NAME: '' }).message).toContain('is empty');
    expect(failureOf({ env: 'toString' }).message).toContain('is not set');
    expect(failureOf({ file: join(folder, 'empty') })).toMatchObject({ code: 'config' });
    expect(failureOf({ file: join(folder, 'missing') })).toMatchObject({ code: 'not-found' });
    expect(failureOf({ credential: 'token' }).message).toContain('CREDENTIALS_DIRECTORY is not set');
    const env = { CREDENTIALS_DIRECTORY: folder };
    expect(failureOf({ credential: 'other' }, env)).toMatchObject({
      code: 'config',
      message: expect.stringContaining("'other'"),
    });
    expect(failureOf({ credential: 'empty' }, env)).toMatchObject({ code: 'config' });
  });

  test('of the unit leads nowhere else, and is not for everybody', () => {
    write('open', 'hidden', 0o444);
    const env = { CREDENTIALS_DIRECTORY: folder };
    for (const credential of ['', '.', '..', '../x', 'a/b', 'a\0b']) {
      expect(failureOf({ credential }, env).message).toContain('is no name of a credential');
    }
    expect(failureOf({ credential: 'open' }, env)).toMatchObject({ code: 'permission' });
    expect(failureOf({ file: join(folder, 'token') }).code).toBe('permission');
  });
});
