import { expect, test } from 'vitest';
import type { Config } from '../../../src/lib/config/schema.ts';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { findJob } from '../../../src/lib/jobs/find-job.ts';

const config: Config = { jobs: { 'backup-db': { run: ['x'] }, report: { run: 'y' } } };

async function refusal(name: string, of = config, program = ''): Promise<[string, string, readonly string[]]> {
  const error = await findJob(name, of, (asked) => Promise.resolve(asked === program)).catch(
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw error;
  return [error.code, error.message, error.hints];
}

test('a job is found by its name', async () => {
  expect(await findJob('report', config)).toMatchObject({ name: 'report', argv: ['/bin/sh', '-c', 'y'] });
});

test('for another name the nearest one is told', async () => {
  expect(await refusal('backup-dB2')).toEqual(['usage', "there is no job 'backup-dB2'", ["did you mean 'backup-db'?"]]);
});

test('whoever types a program is told how to run it', async () => {
  const run = (program: string) => [`to run a program, write: devops run -- ${program} ...`];
  expect((await refusal('/opt/x.sh'))[2]).toEqual(run('/opt/x.sh'));
  expect((await refusal('rsync', config, 'rsync'))[2]).toEqual(run('rsync'));
  expect((await refusal('rsync -a /srv'))[2]).toEqual(run('rsync'));
  expect((await refusal('$(reboot) x'))[2]).toEqual(run('PROGRAM'));
  expect((await refusal('rsync'))[2]).toEqual([
    'there are backup-db, report; to run a program, write: devops run -- PROGRAM ...',
  ]);
});

test('without any job that is said', async () => {
  expect((await refusal('x', {}))[1]).toBe("there is no job 'x': devops.yaml has none");
});

test('what every object has is no job', async () => {
  expect((await refusal('constructor'))[1]).toBe("there is no job 'constructor'");
});
