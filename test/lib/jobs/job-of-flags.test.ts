import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkConfig } from '../../../src/lib/config/check-config.ts';
import { deriveJobName, jobOfFlags } from '../../../src/lib/jobs/job-of-flags.ts';
import { jobNameMistake } from '../../../src/lib/jobs/job-name.ts';

test('a program behind -- has no lock and no limit, unless it is asked for', () => {
  const job = jobOfFlags({ argv: ['/opt/backup.sh', '--all'], cwd: '/srv' });
  expect(job).toMatchObject({ argv: ['/opt/backup.sh', '--all'], notify: [], retry: { attempts: 1 } });
  expect(job.name).toMatch(/^backup\.sh-[0-9a-f]{6}$/);
  expect(job).not.toHaveProperty('lock');
  expect(job).not.toHaveProperty('timeoutSeconds');
  expect(job).not.toHaveProperty('cwd');
});

test('flags win over the defaults of devops.yaml, which win over ours', async () => {
  const { config } = await checkConfig(`
    notify: { ops: { type: mail, to: [ops@example.org] } }
    defaults: { notify: ops, timeout: 1h, kill_after: 5s, cwd: /elsewhere, lock: shared, retry: { attempts: 2, on: [3] } }
  `);
  expect(jobOfFlags({ argv: ['x'], cwd: '/' }, config)).toMatchObject({
    notify: ['ops'],
    timeoutSeconds: 3600,
    killAfterSeconds: 5,
    lock: 'shared',
    retry: { attempts: 2, on: [3] },
  });
  const flags = { notify: ['mailto:a@b.c'], lock: 'own', timeoutSeconds: 9, killAfterSeconds: 1, attempts: 4 };
  const job = jobOfFlags(
    { name: 'n', argv: ['x'], cwd: '/', ...flags, backoff: { fromSeconds: 1, toSeconds: 2 } },
    config,
  );
  expect(job).toMatchObject({
    name: 'n',
    notify: ['mailto:a@b.c'],
    lock: 'own',
    timeoutSeconds: 9,
    killAfterSeconds: 1,
    retry: { attempts: 4, backoff: { fromSeconds: 1, toSeconds: 2 }, on: [3] },
  });
  expect(job).not.toHaveProperty('cwd');
  expect(jobOfFlags({ argv: ['x'], cwd: '/', timeoutSeconds: 0 }, config)).not.toHaveProperty('timeoutSeconds');
});

test('the derived name is the same every time, and another one for other words or another folder', () => {
  const lines: [string[], string][] = [
    [['tar', 'a b'], '/'],
    [['tar', 'a', 'b'], '/'],
    [['tar', 'ab'], '/'],
    [['tar', 'a', 'b'], '/srv'],
    [['tar'], '/'],
    [['tar', ''], '/'],
  ];
  const names = lines.map(([argv, cwd]) => deriveJobName(argv, cwd));
  expect(new Set(names).size).toBe(lines.length);
  expect(lines.map(([argv, cwd]) => deriveJobName(argv, cwd))).toEqual(names);
});

test('the derived name of a command of ours is that of the command', () => {
  expect(deriveJobName(['devops', 'ssl-expiry', 'web'], '/')).toMatch(/^ssl-expiry-[0-9a-f]{6}$/);
  expect(deriveJobName(['devops', '--config', 'a'], '/')).toMatch(/^devops-[0-9a-f]{6}$/);
});

test.each(['/', '', '.hidden', 'schön', '-x', 'a b/c d', 'n'.repeat(300), '\u202E\n', '../..'])(
  'a name is derived from the program %j that can be a folder',
  (program) => {
    expect(jobNameMistake(deriveJobName([program], '/'))).toBeUndefined();
  },
);

test('of the commands of devops, every one has a name of its own', () => {
  const argvs = Array.from({ length: 2000 }, (_, index) => ['devops', 'sysinfo', '--rule', `cpu > ${index}`]);
  const names = new Set(argvs.map((argv) => deriveJobName(argv, '/root')));
  // 24 bits: among 2000 names a pair is met about once in nine times.
  expect(names.size).toBeGreaterThan(1997);
});

test('what is resolved from a kept configuration loads neither zod nor js-yaml', () => {
  const names = ['resolve-jobs', 'job-of-flags', 'find-job', 'resolve-notifiers'];
  const script = `
    for (const name of ${JSON.stringify(names)}) await import('./src/lib/jobs/' + name + '.ts');
    console.log(process.moduleLoadList.filter((name) => name === 'NativeModule crypto').join());
  `;
  const loader = `data:text/javascript,${encodeURIComponent(
    `import { registerHooks } from 'node:module'; registerHooks({ resolve(name, context, next) { if (/^(zod|js-yaml|croner|nodemailer)/.test(name)) throw new Error('loads ' + name); return next(name, context); } });`,
  )}`;
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--import', loader, '--input-type=module', '-e', script],
    { cwd: join(import.meta.dirname, '../../..'), encoding: 'utf8', timeout: 20_000 },
  );
  expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: '\n' });
});
