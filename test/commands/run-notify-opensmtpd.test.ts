import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readMail } from '../support/mail/read-mail.ts';
import { type MailServer, startMailServer } from '../support/mail/start-mail-server.ts';
import { type OpenSmtpd, startOpenSmtpd } from '../support/mail/start-opensmtpd.ts';
import { requireProgram } from '../support/services.ts';
import { bin, node, start } from '../support/start-devops.ts';
import { failing, notifyBench, ops } from './run-notify.ts';

const why = 'alerts are not sent through a real mail server and its sendmail';
const programs = ['unshare', 'nsenter'].map((name) => requireProgram(name, why));
const smtpd = requireProgram('smtpd', why);
const isPossible = smtpd !== undefined && !programs.includes(undefined) && process.getuid?.() === 0;

describe.skipIf(!isPossible)('with OpenSMTPD', () => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-run-opensmtpd-'));
  let behind: MailServer;
  let server: OpenSmtpd;
  let bench: ReturnType<typeof notifyBench>;
  beforeAll(async () => {
    behind = await startMailServer();
    server = await startOpenSmtpd(smtpd!, folder, { relayTo: behind.port });
  });
  afterAll(async () => {
    await server?.close();
    await behind?.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    bench = notifyBench();
  });
  afterEach(() => bench.close());

  const arrived = async (count: number) => {
    await expect.poll(() => behind.received.length, { timeout: 10_000 }).toBe(count);
    return readMail(behind.received.at(-1)!.raw);
  };

  test('an alert is delivered over SMTP, once, with a subject in every script', { timeout: 20_000 }, async () => {
    const before = behind.received.length;
    const env = { DEVOPS_SMTP_URL: `smtp://localhost:${server.port}?starttls=never` };
    const script = 'echo "Grüße 日本語 🚀"; echo .; exit 3';
    const words = ['run', '--notify', ops, '--name', 'backup', '--', 'sh', '-c', script];
    expect(await bench.devops(words, { env })).toEqual({ code: 3, stdout: '', stderr: '' });
    const { headers, text, parts } = await arrived(before + 1);
    expect(headers.get('subject')).toMatch(/^FAILED backup on \S+: exit code 3$/);
    expect(text).toContain('Grüße 日本語 🚀\n.\n');
    expect(parts.at(-1)!.content.toString()).toBe('Grüße 日本語 🚀\n.\n');
  });

  test('one whom it does not know is told for ever, and the other gets it once', { timeout: 20_000 }, async () => {
    const before = behind.received.length;
    const smtp = `{ host: localhost, port: ${server.port}, starttls: never }`;
    bench.config(`notify:\n  team: { type: mail, to: [ops@example.org, no@example.org], smtp: ${smtp} }\n`);
    const run = await bench.devops(['run', '--notify', 'team', ...failing(3)]);
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/^devops: warning: team was not told: .*no@example\.org: 550 /);
    await arrived(before + 1);
    await bench.devops('notify flush --all');
    expect([behind.received.length, bench.spooled().length]).toEqual([before + 1, 0]);
  });

  test('without a server and a configuration its sendmail takes an alert', { timeout: 20_000 }, async () => {
    const before = behind.received.length;
    const { DEVOPS_SMTP_URL: _, DEVOPS_MAIL_FROM: __, ...rest } = bench.env();
    // Its own mounts: the sendmail of this machine would send it for good.
    const [program, ...words] = server.within;
    const line = [...words, node, bin, 'run', '--notify', ops, ...failing(3)];
    mkdirSync(bench.state);
    const run = await start(program!, line, { env: { ...rest, LOGNAME: 'backup' }, cwd: bench.folder });
    expect([run.exitCode, run.stdout, run.stderr]).toEqual([3, '', '']);
    const { headers } = await arrived(before + 1);
    expect(headers.get('subject')).toMatch(/^FAILED backup on \S+: exit code 3$/);
    expect(behind.received.at(-1)).toMatchObject({ to: ['ops@example.org'] });
    expect(behind.received.at(-1)!.from).toMatch(/^backup@/);
  });

  test('whom its sendmail does not know is told on standard error', { timeout: 20_000 }, async () => {
    const { DEVOPS_SMTP_URL: _, ...rest } = bench.env();
    const [program, ...words] = server.within;
    const line = [...words, node, bin, 'run', '--notify', 'mailto:no@example.org', ...failing(3)];
    const run = await start(program!, line, { env: rest, cwd: bench.folder });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(
      /^devops: warning: mailto:no@example\.org was not told: \S+sendmail did not take the mail \(exit code \d+\)[^\n]*\ndevops: backup on /,
    );
  });
});
