import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultSender } from '../../../src/lib/mail/default-sender.ts';
import { defaultTransport } from '../../../src/lib/mail/default-transport.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-mail-'));
const program = join(folder, 'sendmail');
writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
afterAll(() => rmSync(folder, { recursive: true }));

const place = { uid: 1000, now: () => new Date(), sendmailPaths: [] };

describe('without a configuration mail goes', () => {
  test('to the server of DEVOPS_SMTP_URL, whatever sendmail there is', async () => {
    const env = { DEVOPS_SMTP_URL: 'smtp://[::1]:2525', PATH: folder };
    expect((await defaultTransport({ ...place, env })).name).toBe('[::1]:2525');
  });

  test('to sendmail where it belongs, else to that of the PATH', async () => {
    const standard = { ...place, sendmailPaths: ['/nonexistent/sendmail', program], env: { PATH: '/bin' } };
    expect((await defaultTransport(standard)).name).toBe(program);
    expect((await defaultTransport({ ...place, env: { PATH: folder, DEVOPS_SMTP_URL: '' } })).name).toBe(program);
  });

  test('nowhere, and the hint says what to set', async () => {
    await expect(defaultTransport({ ...place, env: { PATH: '/nonexistent' } })).rejects.toMatchObject({
      code: 'config',
      hints: [expect.stringContaining('DEVOPS_SMTP_URL=') as string],
    });
  });
});

describe('without a configuration mail is from', () => {
  test.each([
    [{ DEVOPS_MAIL_FROM: 'Ops <ops@example.org>', LOGNAME: 'me' }, 'Ops <ops@example.org>'],
    [{ LOGNAME: 'backup' }, 'backup@db1.example.org'],
    [{ LOGNAME: 'a b', USER: 'me' }, 'me@db1.example.org'],
  ])('%j', (env, expected) => {
    expect(defaultSender({ env, uid: 1000, host: 'DB1.example.org' })).toBe(expected);
  });

  test('somebody even on a machine with a strange name and in an empty environment', () => {
    expect(defaultSender({ env: {}, uid: 0, host: 'a_b c\n' })).toMatch(/^[a-z0-9_.-]+@a-b-c-?$|@localhost$/);
    expect(defaultSender({ env: { LOGNAME: 'me' }, uid: 0, host: '' })).toBe('me@localhost');
  });

  test('nobody whose DEVOPS_MAIL_FROM is no address', () => {
    const from = () => defaultSender({ env: { DEVOPS_MAIL_FROM: 'a@b\nBcc: c@d' }, uid: 0, host: 'h' });
    expect(from).toThrow(expect.objectContaining({ code: 'config' }));
  });
});
