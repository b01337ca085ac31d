import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMail } from '../support/mail/read-mail.ts';
import type { MailServerOptions } from '../support/mail/start-mail-server.ts';
import { failing, notifyBench, ops } from './run-notify.ts';

let bench: ReturnType<typeof notifyBench>;
beforeEach(() => {
  bench = notifyBench();
});
afterEach(() => bench.close());

const run = (...words: string[]) => bench.devops(['run', '--notify', ops, ...words]);
const messageId = (raw: Buffer) => readMail(raw).headers.get('message-id');

describe('a job that fails', () => {
  test('is told by mail and not on standard error, with its own exit code', async () => {
    const server = await bench.mailServer();
    expect(await run(...failing(3))).toEqual({ code: 3, stdout: '', stderr: '' });
    expect(server.received).toMatchObject([{ from: 'jobs@example.org', to: ['ops@example.org'] }]);
    const { headers, text, parts } = readMail(server.received[0]!.raw);
    expect(headers.get('subject')).toMatch(/^FAILED backup on \S+: exit code 3$/);
    expect(headers.get('from')).toContain('jobs@example.org');
    expect(text).toMatch(/\nOutput:\n\nbroken pipe\n$/);
    expect(parts.map(({ type }) => type)).toEqual(['text/plain', 'text/html', 'text/plain']);
    expect(parts[2]!.content.toString()).toBe('broken pipe\n');
    expect(bench.spooled()).toEqual([]);
  });

  test('is told again when it is well, and says nothing in between', async () => {
    const server = await bench.mailServer();
    const runs = [];
    for (const code of [3, 3, 0, 0]) runs.push(await run(...failing(code)));
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
      [3, ''],
      [3, ''],
      [0, ''],
      [0, ''],
    ]);
    const subjects = server.received.map(({ raw }) =>
      readMail(raw)
        .headers.get('subject')
        ?.replace(/ on .*/, ''),
    );
    expect(subjects).toEqual(['FAILED backup', 'RECOVERED backup']);
  });
});

const certificate = { starttls: { tls: 'starttls' } as const };
const wrongPassword = { DEVOPS_SMTP_URL: 'smtp://jobs:wr0ng-passw0rd@127.0.0.1:PORT?starttls=never' };
const withTls = { DEVOPS_SMTP_URL: 'smtp://127.0.0.1:PORT' };

/** What is wrong with the server, how it is reached, and what standard error says of it. */
const outages: [string, MailServerOptions, Record<string, string>, RegExp][] = [
  ['is down', { mode: 'down' }, {}, /nothing listens there \(connection refused\)/],
  ['hangs up', { mode: 'hang-up' }, {}, /127\.0\.0\.1:\d+/],
  ['answers 451 to the message', { deferFirst: 1 }, {}, /refuses the message: 451 4\.3\.0 try again later/],
  ['answers 421 to the sender', { refuse: { sender: 421 } }, {}, /refuses the sender: 421/],
  ['answers 450 to the recipient', { refuse: { recipients: { 'ops@example.org': 450 } } }, {}, /recipient: 450/],
  ['refuses the sender', { refuse: { sender: 550 } }, {}, /refuses the sender: 550/],
  ['has no TLS', {}, withTls, /no TLS with 127\.0\.0\.1:\d+/],
  ['has a certificate that nobody trusts', certificate.starttls, withTls, /no TLS with .*certificate is not trusted/],
  [
    'does not take the password',
    { auth: { user: 'jobs', password: 'right' } },
    wrongPassword,
    /does not accept the user name and password: 535/,
  ],
  ['wants a password', { auth: { user: 'jobs', password: 'right' } }, {}, /530/],
];

describe.each(outages)('while the mail server %s', (_, options, variables, reason) => {
  test('the alert waits, standard error tells it and who was not told, and it arrives once with a later run of another job', async () => {
    const bad = await bench.mailServer(options);
    const env = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, value.replace('PORT', String(bad.port))]),
    );
    const failed = await bench.devops(['run', '--notify', ops, ...failing(3)], { env });
    expect(failed).toMatchObject({ code: 3, stdout: '' });
    const [warning, report, ...rest] = failed.stderr.split('\n');
    expect(warning).toMatch(/^devops: warning: mailto:ops@example\.org was not told: /);
    expect(warning).toMatch(reason);
    expect(report).toMatch(/^devops: backup on \S+: exit code 3$/);
    expect(rest.slice(-3)).toEqual(['', 'broken pipe', '']);
    expect(bench.spooled()).toMatchObject([{ to: ops, attempts: 1 }]);
    expect(bad.received).toEqual([]);

    await bad.close();
    const good = await bench.mailServer();
    const soon = await bench.devops('run --name other -- true');
    expect([soon, good.received.length]).toEqual([{ code: 0, stdout: '', stderr: '' }, 0]);
    bench.later(31);
    expect(await bench.devops('run --name other -- true')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(good.received.map(({ to }) => to)).toEqual([['ops@example.org']]);
    expect(messageId(good.received[0]!.raw)).toContain('@');
    expect(bench.spooled()).toEqual([]);
    bench.later(7200);
    await bench.devops('notify flush --all');
    expect(good.received).toHaveLength(1);
  });
});

test('a message that the server never takes is told, kept as dead and not sent again', async () => {
  const server = await bench.mailServer({ refuse: { data: 554 } });
  const failed = await run(...failing(3));
  expect(failed.code).toBe(3);
  expect(failed.stderr).toMatch(/was not told: .* refuses the message: 554 .*\ndevops: backup on /);
  expect([bench.spooled().length, bench.spooled('dead').length]).toEqual([0, 1]);
  const { connections } = server;
  const before = connections();
  bench.later(7200);
  expect(await bench.devops('notify flush --all')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(connections()).toBe(before);
  const status = await bench.devops('jobs status');
  expect(status.stdout).toContain('1 could not be delivered at all');
});

test('after an outage what was told first arrives first', async () => {
  const bad = await bench.mailServer({ mode: 'down' });
  await run(...failing(3));
  bench.later(1);
  const recovered = await run(...failing(0));
  expect(recovered).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^devops: warning: \S+ was not told: [^\n]+\n$/) as string,
  });
  await bad.close();
  const server = await bench.mailServer();
  bench.later(120);
  await bench.devops('run --name other -- true');
  expect(server.received.map(({ raw }) => readMail(raw).headers.get('subject')?.split(' ')[0])).toEqual([
    'FAILED',
    'RECOVERED',
  ]);
});

test('a server that is down costs nobody the exit code of a job, whatever it is', async () => {
  await bench.mailServer({ mode: 'down' });
  const codes = [];
  for (const code of [0, 1, 2, 75, 124, 200]) codes.push((await run(...failing(code, `job-${code}`))).code);
  expect(codes).toEqual([0, 1, 2, 75, 124, 200]);
  expect((await run('--name', 'none', '--', '/nonexistent/program')).code).toBe(127);
});
