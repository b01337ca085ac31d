import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { runDevops } from '../support/run-devops.ts';
import { requireProgram } from '../support/services.ts';

const promtool = requireProgram('promtool', 'the Prometheus output is not checked by Prometheus itself');

test
  .skipIf(promtool === undefined)
  .each(['many', 'many ok warning', 'hostile', 'failing', 'breaks expected', 'report ok ok'])(
  'promtool has nothing to say against "%s"',
  async (line) => {
    const { stdout } = await runDevops(`${line} -o prometheus`);
    const {
      status,
      stdout: said,
      stderr,
    } = spawnSync(promtool!, ['check', 'metrics'], { input: stdout, encoding: 'utf8' });
    expect({ status, said: said + stderr }).toEqual({ status: 0, said: '' });
  },
);

test('one series is there once, whatever many records say of it', async () => {
  const { stdout } = await runDevops('many ok ok ok --name same -o prometheus');
  expect(stdout.split('\n').filter((line) => line.startsWith('devops_'))).toEqual([
    'devops_invented_size_bytes{subject="same"} 10',
  ]);
});

test('a report of metrics is a file of the textfile collector', async () => {
  const { stdout } = await runDevops('many ok -o prometheus');
  expect(stdout).toBe(
    '# HELP devops_invented_size_bytes Size of an invented \\\\ item,\\nin bytes.\n' +
      '# TYPE devops_invented_size_bytes gauge\n' +
      'devops_invented_size_bytes{subject="a"} 10\n',
  );
});
