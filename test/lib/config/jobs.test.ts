import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { checkConfig } from '../../../src/lib/config/check-config.ts';
import { configJsonSchema } from '../../../src/lib/config/json-schema.ts';
import { formatProblem } from '../../../src/lib/config/problem.ts';

async function problemsOf(text: string): Promise<string[]> {
  const { problems } = await checkConfig(text);
  return problems.flatMap((problem) => [
    formatProblem(problem, '').slice(1),
    ...(problem.hint === undefined ? [] : [`  hint: ${problem.hint}`]),
  ]);
}

const ofJob = (keys: string) => problemsOf(`jobs: { a: { run: [x], ${keys} } }`);

test('every key of a job is taken, stays as it was typed, and an editor with the schema takes it too', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../cases/jobs/every-key.yaml'), 'utf8');
  const { config, problems } = await checkConfig(text);
  expect(problems).toEqual([]);
  expect(config).toEqual(load(text));
  const schema = await configJsonSchema();
  expect(new Ajv2020({ strict: true }).validate(schema, load(text))).toBe(true);
  const published = schema as unknown as {
    properties: { jobs: { patternProperties: Record<string, { properties: Record<string, unknown> }> } };
  };
  const keys = Object.values(published.properties.jobs.patternProperties).flatMap((job) => Object.keys(job.properties));
  expect(Object.keys(config!.jobs!['backup-db']!).toSorted()).toEqual(keys.toSorted());
});

test('an unknown key names the nearest one', async () => {
  expect(await problemsOf('jobs: { a: { run: x, shedule: "@daily" } }')).toEqual([
    expect.stringMatching(/^1:22: jobs\.a\.shedule: found an unknown key, expected one of run, schedule, /),
    "  hint: did you mean 'schedule'?",
  ]);
  expect(await problemsOf('defaults: { notfy: ops }')).toEqual([expect.any(String), "  hint: did you mean 'notify'?"]);
});

test.each([
  ['timeout: 10', '1:33: jobs.a.timeout: found the number 10, expected a duration'],
  ['timeout: 10 minutes', "1:33: jobs.a.timeout: found '10 minutes', expected a duration"],
  ['expect: { max_age: 26 }', '1:43: jobs.a.expect.max_age: found the number 26, expected a duration'],
  ['retry: { backoff: 10m..30s }', "1:42: jobs.a.retry.backoff: '10m..30s' is not a range of durations"],
  ['retry: { attempts: 0 }', '1:43: jobs.a.retry.attempts: found the number 0, expected a whole number from 1 to 100'],
  ['retry: { on: [256] }', '1:38: jobs.a.retry.on[0]: found the number 256, expected an exit code from 0 to 255, or'],
  ['exit: { ok: [0], warn: [0] }', "1:48: jobs.a.exit.warn[0]: the exit code 0 stands in 'ok' already"],
  ['schedule: "30 2 30 2 *"', "1:34: jobs.a.schedule: cron expression '30 2 30 2 *': it never fires"],
  ['schedule: "0 25 * * *"', "1:34: jobs.a.schedule: cron expression '0 25 * * *': hour"],
  ['schedule: ""', '1:34: jobs.a.schedule: found empty text, expected a schedule'],
  ['timezone: Europe/Berln', "1:34: jobs.a.timezone: 'Europe/Berln' is not a time zone"],
  ['timezone: "+02:00"', "1:34: jobs.a.timezone: found the offset '+02:00', expected the name of a time zone"],
  ['overlap: wait', "1:33: jobs.a.overlap: found 'wait', expected one of skip, replace, { wait: 10m }"],
  ['overlap: allow', "1:33: jobs.a.overlap: found 'allow', expected one of skip, replace"],
  ['catch_up: all', "1:34: jobs.a.catch_up: found 'all', expected one of none, latest"],
  ['lock: ../x', '1:30: jobs.a.lock: this is no name'],
  ['overlap: skip, lock: false', '1:33: jobs.a.overlap: without a lock'],
  ['cwd: tmp', "1:29: jobs.a.cwd: found 'tmp', expected an absolute path"],
  ['path: [bin]', "1:31: jobs.a.path[0]: found 'bin', expected the absolute path of a folder"],
  ['path: ["/a:/b"]', "1:31: jobs.a.path[0]: found '/a:/b', expected the absolute path of a folder"],
  ['keep: { log_bytes: 10XB }', "1:43: jobs.a.keep.log_bytes: '10XB' is not a size"],
  ['expect: { output_matches: "(" }', "1:50: jobs.a.expect.output_matches: cannot search for '('"],
  ['notify_on: { fail: often }', "1:43: jobs.a.notify_on.fail: found 'often', expected a number from 1 to 9999"],
  ['env: { set: { PATH: x } }', '1:38: jobs.a.env.set.PATH: found PATH'],
  ['env: { set: { A=B: x } }', "1:38: jobs.a.env.set['A=B']: this is no name of an environment variable"],
  ['env: { set: { A: 1 } }', '1:41: jobs.a.env.set.A: found a number, expected a text'],
  ['env: { set: { A: x }, secrets: { A: { env: B } } }', "1:60: jobs.a.env.secrets.A: the variable 'A' stands in"],
])('%s is a mistake with its place', async (keys, message) => {
  expect((await ofJob(keys))[0]).toContain(message);
});

test('a notifier that is not there names the nearest one, or how to write one', async () => {
  const notify = 'notify: { ops: { type: mail, to: [ops@example.org] } }\n';
  expect(await problemsOf(`${notify}jobs: { a: { run: x, notify: [ops, opps] } }`)).toEqual([
    "2:36: jobs.a.notify[1]: 'opps' is no notifier of this file",
    "  hint: did you mean 'ops'?",
  ]);
  expect(await problemsOf('defaults: { notify: me@example.org }')).toEqual([
    "1:21: defaults.notify: 'me@example.org' is no notifier of this file, there is none",
    '  hint: for a mail address write mailto:me@example.org',
  ]);
  expect(await problemsOf('defaults: { notify: "mailto:a b" }')).toEqual([
    "1:21: defaults.notify: 'a b' is no mail address",
    '  hint: write for instance ops@example.org',
  ]);
  expect(await problemsOf(`${notify}defaults: { notify: [ops, mailto:me@example.org] }`)).toEqual([]);
});

test('a name that could be no folder and no label is refused at the name', async () => {
  expect((await problemsOf('jobs: { "../x": { run: x } }'))[0]).toBe(
    `1:9: jobs['../x']: this is no name: it has to begin with a letter or a digit, and to have only these, ".", "_" and "-"`,
  );
  expect((await problemsOf(`jobs: { ${'n'.repeat(101)}: { run: x } }`))[0]).toContain('has 101 characters');
  expect(await problemsOf(`jobs: { ${'n'.repeat(100)}: { run: x } }`)).toEqual([]);
});

test.each([
  'devops logs-grep ERROR /var/log/app.log',
  "devops logs-grep 'a|b' /var/log/app.log",
  'cd /srv && /opt/bin/devops -q logs-grep ERROR app.log > /dev/null 2>&1',
  '[devops, logs-grep, ERROR, /var/log/app.log]',
  '[devops, --config, /x, logs-grep, -c, ERROR, app.log, --, --alert]',
  '[devops, logs-grep, --output, json, ERROR, app.log]',
])('%s would find errors and be fine, which is a mistake', async (run) => {
  const [problem, hint] = await problemsOf(`jobs: { a: { run: ${run.startsWith('[') ? run : JSON.stringify(run)} } }`);
  expect(problem).toMatch(/^1:19: jobs\.a\.run: logs-grep answers here as grep does/);
  expect(hint).toContain('--alert');
});

test.each([
  'devops logs-grep --alert ERROR /var/log/app.log',
  'devops logs-grep ERROR /var/log/app.log && mail -s found ops',
  'devops logs-grep ERROR /var/log/app.log | wc -l',
  '[devops, logs-grep, --threshold=10/5m, ERROR, app.log]',
  '[devops, logs-grep, --rules, /etc/rules.yaml, app.log]',
  '[devops, logs-grep, --output, nagios, ERROR, app.log]',
  '[devops, logs-grep, --report=junit=x.xml, ERROR, app.log]',
  '[devops, logs-grep, --top, "10", app.log]',
  '[devops, sysinfo]',
  '[grep, logs-grep]',
])('%s is judged, or not ours to judge', async (run) => {
  expect(await problemsOf(`jobs: { a: { run: ${run.startsWith('[') ? run : JSON.stringify(run)} } }`)).toEqual([]);
});

test.each([
  ['""', 'found no program'],
  ['" "', 'found no program'],
  ['[]', 'found an empty list, expected a list of a program and its arguments'],
  ['[""]', 'found no program'],
  ['[echo hi]', 'found a command line in a list'],
  ['[sleep, 10]', 'jobs.a.run[1]: found the number 10, expected a text'],
  [String.raw`"echo $(date +\\%F)"`, String.raw`found '\%', which means % in a crontab only`],
])('run: %s is a mistake', async (run, message) => {
  expect((await problemsOf(`jobs: { a: { run: ${run} } }`))[0]).toContain(message);
});

test('a percent sign of SQL is left alone', async () => {
  expect(await problemsOf(`jobs: { a: { run: 'psql -c "select 1 where x like ''50\\%''"' } }`)).toEqual([]);
});

const each = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index));

test.each([
  ['unknown keys of a job', `jobs: { a: { ${each(40_000, (index) => `k${index}: 1`).join(',')} } }`],
  ['names that are none', `jobs: { ${each(40_000, (index) => `-${index}: 1`).join(',')} }`],
  ['secrets in clear', `jobs: { a: { env: { secrets: { ${each(40_000, (index) => `a${index}: x`).join(',')} } } } }`],
  [
    'notifiers that are not there',
    `notify: { ${each(3000, (index) => `n${index}: { type: slack, url: { env: A } }`).join(',')} }\n` +
      `jobs: { ${each(3000, (index) => `n${index}: { run: x, notify: [nn${index}, nx${index}] }`).join(',')} }`,
  ],
  ['one long command line', `jobs: { a: { run: "devops logs-grep ${`'a' +`.repeat(13_000)}" } }`],
])('many %s are told within seconds', async (_name, text) => {
  const started = performance.now();
  expect((await checkConfig(text)).problems.length).toBeGreaterThan(0);
  expect(performance.now() - started).toBeLessThan(5000);
});
