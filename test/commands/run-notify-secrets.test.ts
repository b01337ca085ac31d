import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MailServerOptions } from '../support/mail/start-mail-server.ts';
import { startHookServer } from '../lib/notify/start-hook-server.ts';
import { failing, notifyBench, ops } from './run-notify.ts';

let bench: ReturnType<typeof notifyBench>;
beforeEach(() => {
  bench = notifyBench();
});
afterEach(() => bench.close());

const password = 'pa55+word/of the server';
/** As it is, as it goes over the wire and as it stands in a URL. */
const forms = [
  password,
  Buffer.from(password).toString('base64'),
  Buffer.from(`\0jobs\0${password}`).toString('base64'),
  encodeURIComponent(password),
];

/** All that is kept on disk, but for what the test wrote itself. */
function kept(): string {
  const files = readdirSync(bench.folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && !['password', 'devops.yaml'].includes(file.name))
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
    .join('\n');
}

test.each<[string, MailServerOptions]>([
  ['takes it', { auth: { user: 'jobs', password } }],
  ['does not take it', { auth: { user: 'jobs', password: 'another' } }],
  ['defers the message', { auth: { user: 'jobs', password }, deferFirst: 9 }],
  ['is down', { mode: 'down' }],
])('the password of a mail server that %s stands in no log, report or file', async (_, options) => {
  const server = await bench.mailServer(options);
  writeFileSync(join(bench.folder, 'password'), `${password}\n`, { mode: 0o600 });
  const smtp = `{ host: 127.0.0.1, port: ${server.port}, starttls: never, user: jobs, password: { file: ${bench.folder}/password } }`;
  bench.config(`notify:\n  team: { type: mail, to: [ops@example.org], smtp: ${smtp} }\n`);
  const url = `smtp://jobs:${encodeURIComponent(password)}@127.0.0.1:${server.port}?starttls=never`;
  const report = ['json', 'junit'].flatMap((form) => ['--report', `${form}=${bench.folder}/report.${form}`]);
  const runs = [
    await bench.devops(['run', '-v', '--notify', 'team', ...report, ...failing(3)]),
    await bench.devops(['run', '-v', '--notify', ops, ...failing(3, 'other')], { env: { DEVOPS_SMTP_URL: url } }),
    await bench.devops(['notify', 'flush', '--all', '-v'], { env: { DEVOPS_SMTP_URL: url } }),
    await bench.devops(['notify', 'test', 'team', '-v']),
    await bench.devops('jobs status'),
  ];
  expect(runs.slice(0, 2).map(({ code }) => code)).toEqual([3, 3]);
  if (server.received.length > 0) expect(server.received[0]!.user).toBe('jobs');
  const said = runs.map(({ stdout, stderr }) => stdout + stderr).join('\n') + kept();
  expect(said).toContain('broken pipe');
  for (const form of forms) expect(said).not.toContain(form);
});

test('the URL of a webhook and of a check stands in no log, report or file', async () => {
  await using hook = await startHookServer([[500], [404], [500, 'no /hooks/s3cret-path here']]);
  const secret = '{ env: HOOK }';
  bench.config(
    `notify:\n  chat: { type: webhook, url: ${secret} }\n  room: { type: slack, url: ${secret} }\n  checks: { type: healthchecks, url: ${secret} }\n`,
  );
  const env = { HOOK: hook.url };
  const all = ['chat', 'room', 'checks'].flatMap((name) => ['--notify', name]);
  const run = await bench.devops(['run', '-v', ...all, ...failing(3)], { env });
  expect(run.code).toBe(3);
  expect(run.stderr).toMatch(/devops: backup on \S+: exit code 3\n/);
  const flush = await bench.devops('notify flush --all -v', { env });
  expect(hook.taken.length).toBeGreaterThan(4);
  expect(run.stderr + run.stdout + flush.stdout + flush.stderr + kept()).not.toContain('s3cret');
});
