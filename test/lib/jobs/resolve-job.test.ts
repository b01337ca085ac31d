import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkConfig } from '../../../src/lib/config/check-config.ts';
import type { Config } from '../../../src/lib/config/schema.ts';
import { resolveJob } from '../../../src/lib/jobs/resolve-job.ts';
import { resolveJobs } from '../../../src/lib/jobs/resolve-jobs.ts';

/** As it comes out of the cache. */
async function configOf(text: string): Promise<Config> {
  const { config, problems } = await checkConfig(text);
  expect(problems).toEqual([]);
  return JSON.parse(JSON.stringify(config)) as Config;
}

const only = async (text: string) => resolveJob('a', await configOf(text));

test('a job that says nothing has every default', async () => {
  expect(await only('jobs: { a: { run: [backup, --all] } }')).toEqual({
    name: 'a',
    argv: ['backup', '--all'],
    splaySeconds: 0,
    catchUp: 'none',
    overlap: { kind: 'skip' },
    lock: 'a',
    killAfterSeconds: 10,
    retry: { attempts: 1, backoff: { fromSeconds: 30, toSeconds: 600 } },
    exit: { ok: [0], warning: [], skip: [] },
    expect: {},
    notify: [],
    notifyOn: { failAfter: 1, warning: 'change', recovery: 'if_announced', reminderSeconds: 86_400, stuckAfter: 3 },
    environment: { clean: false, pass: [], set: {}, secrets: {} },
    keep: { runs: 100, days: 90, logBytes: 10 * 1024 * 1024 },
  });
});

test('a job that says everything has all of it, in seconds and bytes', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../cases/jobs/every-key.yaml'), 'utf8');
  const [backup, report] = resolveJobs(await configOf(text));
  expect(backup).toEqual({
    name: 'backup-db',
    argv: ['devops', 'backup', 'db'],
    schedule: '30 2 * * *',
    timezone: 'UTC',
    splaySeconds: 600,
    catchUp: 'latest',
    overlap: { kind: 'wait', seconds: 600 },
    lock: 'database',
    timeoutSeconds: 7200,
    killAfterSeconds: 30,
    retry: { attempts: 3, backoff: { fromSeconds: 30, toSeconds: 600 }, on: [1, 75, 'timeout'] },
    exit: { ok: [0], warning: [1], skip: [75] },
    expect: { minSeconds: 5, maxSeconds: 5400, outputMatches: 'backup (done|complete)', maxAgeSeconds: 93_600 },
    notify: ['ops', 'hc', 'mailto:dba@example.org'],
    notifyOn: { failAfter: 2, warning: 'never', recovery: 'if_announced', reminderSeconds: 43_200, stuckAfter: 4 },
    environment: {
      clean: true,
      pass: ['SSH_AUTH_SOCK'],
      set: { LANG: 'C.UTF-8' },
      secrets: { PGPASSWORD: { file: '/etc/devops/pg' } },
      path: ['/opt/bin', '/usr/bin'],
    },
    cwd: '/srv',
    keep: { runs: 50, days: 30, logBytes: 1024 * 1024 },
  });
  // What the second one leaves out is what the defaults say.
  expect(report).toMatchObject({
    name: 'report',
    argv: ['/bin/sh', '-c', 'cd /srv/report && ./nightly | tail -1'],
    timezone: 'Europe/Berlin',
    lock: 'report',
    timeoutSeconds: 3600,
    notify: ['ops'],
    environment: { path: ['/usr/local/bin', '/usr/bin', '/bin'] },
  });
});

test('a job wins over the defaults, key by key and variable by variable', async () => {
  const job = await only(`
    defaults:
      timeout: 1h
      retry: { attempts: 3, backoff: 1m }
      notify_on: { fail: 3, still_failing: never }
      expect: { max_age: 1d }
      keep: { runs: 5 }
      cwd: /srv
      splay: 1m
      env: { clean: true, pass: [A], set: { B: b, C: c }, secrets: { D: { env: D }, E: { env: E } } }
    jobs:
      a:
        run: [x]
        timeout: 0s
        retry: { attempts: 1 }
        notify_on: { warn: always }
        expect: { min_time: 1s }
        env: { pass: [F, A], set: { C: own, D: plain }, secrets: { B: { file: /b } } }
  `);
  expect(job).not.toHaveProperty('timeoutSeconds');
  expect(job).toMatchObject({
    retry: { attempts: 1, backoff: { fromSeconds: 60, toSeconds: 60 } },
    notifyOn: { failAfter: 3, warning: 'always' },
    expect: { minSeconds: 1, maxAgeSeconds: 86_400 },
    keep: { runs: 5, days: 90 },
    cwd: '/srv',
    splaySeconds: 60,
  });
  expect(job.notifyOn).not.toHaveProperty('reminderSeconds');
  expect(job.environment).toEqual({
    clean: true,
    pass: ['A', 'F'],
    set: { C: 'own', D: 'plain' },
    secrets: { B: { file: '/b' }, E: { env: 'E' } },
  });
});

test.each([
  ['', '[devops, sysinfo]', { ok: [0], warning: [], skip: [75] }],
  ['', '[/opt/devops/bin/devops, sysinfo]', { ok: [0], warning: [], skip: [75] }],
  ['', '[borg, create]', { ok: [0], warning: [], skip: [] }],
  ['exit: { warn: [75] }', '[devops, sysinfo]', { ok: [0], warning: [75], skip: [] }],
  ['exit: { warn: [0] }', '[x]', { ok: [], warning: [0], skip: [] }],
  ['exit: { ok: [0, 3] }', '[x]', { ok: [0, 3], warning: [1], skip: [] }],
  ['exit: { ok: [0, 1] }', '[x]', { ok: [0, 1], warning: [], skip: [] }],
])('%s of %s: an exit code means one thing', async (keys, run, exit) => {
  const defaults = keys.includes('ok:') ? 'defaults: { exit: { warn: [1] } }\n' : '';
  expect((await only(`${defaults}jobs: { a: { run: ${run}, ${keys} } }`)).exit).toEqual(exit);
});

test('a lock is the name of the job, a name that several share, or none', async () => {
  const lockOf = async (defaults: string, job: string) =>
    (await only(`defaults: { ${defaults} }\njobs: { a: { run: x, ${job} } }`)).lock;
  expect(await lockOf('', '')).toBe('a');
  expect(await lockOf('lock: shared', '')).toBe('shared');
  expect(await lockOf('lock: shared', 'lock: true')).toBe('a');
  expect(await lockOf('lock: shared', 'lock: false')).toBeUndefined();
});
