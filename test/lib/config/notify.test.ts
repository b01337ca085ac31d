import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { checkConfig } from '../../../src/lib/config/check-config.ts';
import { configJsonSchema } from '../../../src/lib/config/json-schema.ts';
import { formatProblem } from '../../../src/lib/config/problem.ts';

async function problemsOf(notifier: string): Promise<string[]> {
  const { problems } = await checkConfig(`notify: { a: ${notifier} }`);
  return problems.flatMap((problem) => [
    formatProblem(problem, '').slice(1),
    ...(problem.hint === undefined ? [] : [`  hint: ${problem.hint}`]),
  ]);
}

const mail = (smtp: string) => `{ type: mail, to: [a@b.c], smtp: { host: mail.example.org, ${smtp} } }`;

test.each([
  mail('user: x, password: hunter2'),
  mail('user: x, password: 7142007'),
  mail('user: x, password: [hunter2]'),
  mail('user: x, password: { env: "hunter2 7142007" }'),
  mail('user: x, password: { file: hunter2 }'),
  '{ type: slack, url: "https://hooks.slack.com/services/hunter2" }',
  '{ type: healthchecks, url: https://hc-ping.com/hunter2 }',
  '{ type: webhook, url: "https://user:hunter2@example.org/" }',
  '{ type: webhook, url: "https://example.org/?token=hunter2" }',
  '{ type: webhook, url: "https://hooks.slack.com/services/hunter2" }',
  '{ type: webhook, url: "ftp://hunter2" }',
  '{ type: webhook, url: 7142007 }',
  '{ type: webhook, url: https://a.b, headers: { Authorization: Bearer hunter2 } }',
  '{ type: webhook, url: https://a.b, headers: { X-Api-Key: hunter2 } }',
  '{ type: webhook, url: https://a.b, headers: { X-A: ["hunter2"] } }',
  '{ type: webhook, url: https://a.b, headers: { X-A: "hunter2\\n" } }',
])('%s is a mistake that shows nothing of the secret', async (notifier) => {
  const problems = await problemsOf(notifier);
  expect(problems).not.toEqual([]);
  expect(problems.join('\n')).not.toMatch(/hunter2|7142007/);
});

test('a password in clear is told what to write instead', async () => {
  expect(await problemsOf(mail('user: x, password: hunter2'))).toEqual([
    '1:92: notify.a.smtp.password: found a text, expected where the secret is, such as { env: NAME } or { file: PATH }',
    '  hint: write { env: NAME } or { file: PATH }: a configuration holds no secret',
  ]);
});

test('a secret of a job in clear is a mistake, and one that is only named as such is none', async () => {
  const { problems } = await checkConfig('jobs: { a: { run: x, env: { set: { DB_PASSWORD: hunter2 } } } }');
  expect(problems).toEqual([
    {
      line: 1,
      column: 49,
      path: 'jobs.a.env.set.DB_PASSWORD',
      message: 'found a secret in clear',
      hint: 'take it out of the file: secrets: { DB_PASSWORD: { env: DB_PASSWORD } }',
    },
  ]);
  const named = await checkConfig('jobs: { a: { run: x, env: { set: { RESTIC_PASSWORD_FILE: /x, TOKEN: "" } } } }');
  expect(named.problems).toEqual([]);
});

test.each([
  ['{ url: x }', '1:14: notify.a.type: is missing, expected one of mail, webhook, slack, healthchecks'],
  ['{ type: slak }', "1:22: notify.a.type: found 'slak', expected one of mail, webhook, slack, healthchecks"],
  ['{ type: slack, ulr: x, url: { env: A } }', '1:29: notify.a.ulr: found an unknown key, expected one of type, url'],
  ['{ type: mail, to: a@b.c }', "1:32: notify.a.to: found 'a@b.c', expected a list that is not empty"],
  ['{ type: mail, to: [] }', '1:32: notify.a.to: found an empty list, expected a list that is not empty'],
  ['{ type: mail, to: [a b] }', "1:33: notify.a.to[0]: 'a b' is no mail address"],
  ['{ type: mail, to: ["a@b.c\\nBcc: d@e.f"] }', String.raw`1:33: notify.a.to[0]: 'a@b.c\nBcc: d@e.f' is no mail`],
  ['{ type: mail, to: [a@b.c], from: "x <y" }', "1:47: notify.a.from: 'x <y' is no mail address"],
  [mail('port: 70000'), '1:79: notify.a.smtp.port: found the number 70000, expected a whole number from 1 to 65535'],
  [mail('user: x'), '1:79: notify.a.smtp.user: password is missing beside it'],
  [mail('password: { env: A }'), '1:83: notify.a.smtp.password: user is missing beside it'],
  [mail('port: 465, starttls: required'), '1:94: notify.a.smtp.starttls: has no meaning with TLS'],
  [mail('starttls: optional, user: x, password: { env: A }'), 'notify.a.smtp.starttls: the password could be sent'],
  ['{ type: webhook, url: https://a.b, headers: { Host: c } }', '1:66: notify.a.headers.Host: this header is given'],
  ['{ type: webhook, url: https://a.b, headers: { "a b": c } }', "notify.a.headers['a b']: found a name that"],
  ['{ type: slack, url: {} }', '1:34: notify.a.url: expected one of env, file and credential'],
  ['{ type: slack, url: { env: A, file: /b } }', '1:34: notify.a.url: expected one of env, file and credential'],
  ['{ type: slack, url: { credential: ../x } }', 'notify.a.url.credential: found a text, expected the name of a cred'],
])('%s is a mistake with its place', async (notifier, message) => {
  expect((await problemsOf(notifier))[0]).toContain(message);
});

test('the type that was meant is named', async () => {
  expect((await problemsOf('{ type: slak }'))[1]).toBe("  hint: did you mean 'slack'?");
});

test('a server on this machine may have its password without encryption', async () => {
  expect(
    await problemsOf(
      '{ type: mail, to: [a@b.c], smtp: { host: 127.0.0.1, starttls: never, user: x, password: { env: A } } }',
    ),
  ).toEqual([]);
});

test('an editor with the published schema refuses what has no type, two sources and a bad name', async () => {
  const validate = new Ajv2020({ strict: true }).compile(await configJsonSchema());
  const slack = (url: unknown) => ({ notify: { a: { type: 'slack', url } } });
  expect(validate(slack({ env: 'A' }))).toBe(true);
  expect(validate(slack({ env: 'A', file: '/b' }))).toBe(false);
  expect(validate(slack({}))).toBe(false);
  expect(validate(slack('https://example.org'))).toBe(false);
  expect(validate({ notify: { a: { url: { env: 'A' } } } })).toBe(false);
  expect(validate({ notify: { '../a': { type: 'slack', url: { env: 'A' } } } })).toBe(false);
});
