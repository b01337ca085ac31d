import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RealRunOptions, runRealDevops } from '../support/run-real-devops.ts';
import { readMail } from '../support/mail/read-mail.ts';
import { type MailServerOptions, startMailServer } from '../support/mail/start-mail-server.ts';
import { serverPark } from '../support/tls/test-server.ts';

const park = serverPark();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-mail-send-'));
});
afterEach(async () => {
  await park.close();
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const start = (options: MailServerOptions = {}) => park.keep(startMailServer(options));

function send(port: number, words: readonly string[], options: RealRunOptions = {}) {
  const env = {
    PATH: process.env['PATH'] ?? '',
    STATE_DIRECTORY: join(folder, 'state'),
    DEVOPS_SMTP_URL: `smtp://127.0.0.1:${port}?starttls=never`,
    LOGNAME: 'backup',
    ...options.env,
  };
  return runRealDevops(['mail', 'send', ...words], { stdin: 'a text\n', cwd: folder, ...options, env });
}

const spooled = (place: 'new' | 'dead' = 'new') => readdirSync(join(folder, 'state/spool', place));

describe('devops mail send', () => {
  test('delivers standard input and leaves nothing in the spool', async () => {
    const server = await start();
    const run = await send(server.port, ['-s', 'Grüße', 'ops@example.org', 'B <b@example.org>', '--json']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({
      to: ['ops@example.org', 'B <b@example.org>'],
      subject: 'Grüße',
      state: 'delivered',
      response: '250 queued as 1',
    });
    const [received] = server.received;
    expect(received).toMatchObject({ to: ['ops@example.org', 'b@example.org'] });
    expect(received!.from).toMatch(/^backup@/);
    const { headers, text } = readMail(received!.raw);
    expect(headers.get('subject')).toBe('Grüße');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('message-id')).toBe(`<${(JSON.parse(run.stdout) as { messageId: string }).messageId}>`);
    expect(text).toBe('a text\n');
    expect(spooled()).toEqual([]);
  });

  test('says to a person what became of it, and nothing with --quiet', async () => {
    const server = await start();
    const said = await send(server.port, ['-s', 'x', 'ops@example.org']);
    expect(said.stdout).toBe('delivered to ops@example.org: 250 queued as 1\n');
    expect(await send(server.port, ['-s', 'x', 'ops@example.org', '-q'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('attaches files to the bit', async () => {
    const server = await start();
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256));
    writeFileSync(join(folder, 'a file.bin'), bytes);
    writeFileSync(join(folder, 'empty.txt'), '');
    await send(server.port, ['-s', 'x', '-a', 'a file.bin', '-a', join(folder, 'empty.txt'), 'ops@example.org']);
    const { parts } = readMail(server.received[0]!.raw);
    expect(parts.map(({ filename }) => filename)).toEqual([undefined, 'a file.bin', 'empty.txt']);
    expect(parts[1]!.content.equals(bytes)).toBe(true);
  });

  test('with -E sends nothing of nothing, and something of a line end', async () => {
    const server = await start();
    const words = ['-E', '-s', 'x', 'ops@example.org'];
    expect(await send(server.port, words, { stdin: '' })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(server.connections()).toBe(0);
    await send(server.port, words, { stdin: '\n' });
    expect(server.received).toHaveLength(1);
  });

  test('without -E sends an empty text', async () => {
    const server = await start();
    await send(server.port, ['-s', 'only a subject', 'ops@example.org'], { stdin: '' });
    expect(readMail(server.received[0]!.raw).text.trim()).toBe('');
  });

  test('sends what is no UTF-8 as a file', async () => {
    const server = await start();
    const { Readable } = await import('node:stream');
    const runtime = { stdin: () => Readable.from([Buffer.from([0x61, 0xff, 0x0a])]) };
    await send(server.port, ['-s', 'x', 'ops@example.org'], { runtime });
    const { parts, text } = readMail(server.received[0]!.raw);
    expect(text).toContain('attached as body.bin');
    expect(parts[1]).toMatchObject({ filename: 'body.bin', content: Buffer.from([0x61, 0xff, 0x0a]) });
  });

  test('takes the sender of --from, or of DEVOPS_MAIL_FROM', async () => {
    const server = await start();
    const env = { DEVOPS_MAIL_FROM: 'Ops <ops@example.org>' };
    await send(server.port, ['-s', 'x', 'a@example.org'], { env });
    await send(server.port, ['-s', 'x', '--from', 'me@example.org', 'a@example.org'], { env });
    expect(server.received.map(({ from }) => from)).toEqual(['ops@example.org', 'me@example.org']);
  });

  test('takes server, sender and password of the notifier that --via names', async () => {
    const server = await start({ auth: { user: 'u', password: 'geheim' } });
    writeFileSync(join(folder, 'password'), 'geheim\n', { mode: 0o600 });
    const config = join(folder, 'devops.yaml');
    const smtp = `{ host: 127.0.0.1, port: ${server.port}, starttls: never, user: u, password: { file: ${folder}/password } }`;
    writeFileSync(
      config,
      `notify:\n  ops: { type: mail, to: [x@example.org], from: via@example.org, smtp: ${smtp} }\n`,
      {
        mode: 0o600,
      },
    );
    const words = ['--config', config, '-s', 'x', 'a@example.org', '--via'];
    expect(await send(1, [...words, 'ops'])).toMatchObject({ code: 0 });
    expect(server.received).toMatchObject([{ from: 'via@example.org', to: ['a@example.org'], user: 'u' }]);
    expect(await send(1, [...words, 'opps'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("'ops'") as string,
    });
  });
});

describe('a mail that cannot be delivered now', () => {
  test('waits in the spool and is safe: exit 0', async () => {
    const server = await start({ mode: 'down' });
    const run = await send(server.port, ['-s', 'x', 'ops@example.org', '--json']);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      state: 'spooled',
      reason: expect.stringContaining('cannot connect') as string,
    });
    const [file] = spooled();
    const entry: unknown = JSON.parse(readFileSync(join(folder, 'state/spool/new', file!), 'utf8'));
    expect(entry).toMatchObject({ to: '', attempts: 1, content: { mail: { text: 'a text\n', subject: 'x' } } });
    expect(JSON.stringify(entry)).not.toContain('smtp://');
  });

  test('is an error with --no-spool, and nothing is kept', async () => {
    const server = await start({ deferFirst: 1 });
    const run = await send(server.port, ['--no-spool', '-s', 'x', 'ops@example.org']);
    expect(run).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^devops: error: .*451/) as string,
    });
    expect(() => spooled()).toThrow('ENOENT');
  });

  test.each<[string, readonly string[]]>([
    ['with the spool', []],
    ['without it', ['--no-spool']],
  ])('nor ever is an error, %s', async (_, words) => {
    const server = await start({ refuse: { recipients: { 'ops@example.org': 550 } } });
    const run = await send(server.port, [...words, '-s', 'x', 'ops@example.org']);
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/no such recipient/) as string });
  });

  test('to one of several is told, and who has it gets no second copy', async () => {
    const server = await start({ refuse: { recipients: { 'no@example.org': 550 } } });
    const run = await send(server.port, ['-s', 'x', 'ops@example.org', 'no@example.org']);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('no@example.org: 550') as string });
    expect(server.received).toMatchObject([{ to: ['ops@example.org'] }]);
    expect(spooled()).toEqual([]);
  });

  test('to one of several for now waits for that one alone', async () => {
    const server = await start({ refuse: { recipients: { 'full@example.org': 452 } } });
    const run = await send(server.port, ['-s', 'x', 'ops@example.org', 'full@example.org', '--json']);
    expect(JSON.parse(run.stdout)).toMatchObject({ state: 'spooled' });
    const [file] = spooled();
    const entry = JSON.parse(readFileSync(join(folder, 'state/spool/new', file!), 'utf8')) as {
      content: { mail: { to: string[] } };
    };
    expect(entry.content.mail.to).toEqual(['full@example.org']);
  });

  test('is sent all the same where nothing can be kept', async () => {
    const server = await start();
    writeFileSync(join(folder, 'state'), 'not a folder');
    const run = await send(server.port, ['-s', 'x', 'ops@example.org']);
    expect(run).toMatchObject({ code: 0, stderr: expect.stringMatching(/^devops: warning: .*not kept/) as string });
    expect(server.received).toHaveLength(1);
  });

  test.each(['silent', 'slow-drip'] as const)('for a server that is %s is over with --timeout', async (mode) => {
    const server = await start({ mode });
    const began = performance.now();
    const run = await send(server.port, ['--timeout', '1s', '-s', 'x', 'ops@example.org']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('the mail waits in the spool');
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(spooled()).toHaveLength(1);
  });
});

describe('bad input', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['no subject', ['ops@example.org'], /--subject/],
    ['nobody', ['-s', 'x'], /missing.*to/],
    ['two addresses in one', ['-s', 'x', 'a@example.org,b@example.org'], /is no mail address/],
    ['an address with a line end', ['-s', 'x', 'a@example.org\nBcc: b@example.org'], /is no mail address/],
    ['a sender who is none', ['-s', 'x', '--from', 'me', 'a@example.org'], /'me' is no mail address/],
    ['a file that is not there', ['-s', 'x', '-a', 'nowhere', 'a@example.org'], /attachment '.*nowhere'.*no such file/],
    ['a folder', ['-s', 'x', '-a', '.', 'a@example.org'], /is a folder/],
    ['a file that is too large', ['-s', 'x', '-a', 'large', 'a@example.org'], /larger than 25\.0 MiB/],
    ['a subject of a megabyte', ['-s', 'x'.repeat(100_000), 'a@example.org'], /subject has more than/],
  ])('with %s is told in one line, and nothing is sent or kept', async (what, words, message) => {
    const server = await start();
    if (what.includes('large')) writeFileSync(join(folder, 'large'), Buffer.alloc(26 * 1024 * 1024));
    const run = await send(server.port, words);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr.split('\n')[0]).toMatch(message);
    expect(server.connections()).toBe(0);
    expect(() => spooled()).toThrow('ENOENT');
  });

  test('with a URL that is none shows no password', async () => {
    const env = { DEVOPS_SMTP_URL: 'smtp://u:geheim@' };
    const run = await send(1, ['-s', 'x', 'a@example.org'], { env });
    expect(run).toMatchObject({ code: 2, stderr: expect.stringMatching(/^devops: error: DEVOPS_SMTP_URL/) as string });
    expect(run.stderr).not.toContain('geheim');
  });

  test('of 25 MiB on standard input is too much', async () => {
    const server = await start();
    mkdirSync(join(folder, 'state'), { recursive: true });
    const run = await send(server.port, ['-s', 'x', 'a@example.org'], { stdin: 'x'.repeat(26 * 1024 * 1024) });
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('standard input') as string });
    expect(server.connections()).toBe(0);
  });
});
