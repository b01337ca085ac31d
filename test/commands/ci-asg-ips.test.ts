import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useAsgShop } from './run-asg-ips.ts';

const shop = useAsgShop();
const summary = () => readFileSync(join(shop.folder, 'summary.md'), 'utf8');
const env = () => ({ GITHUB_STEP_SUMMARY: join(shop.folder, 'summary.md') });

test('in a step the addresses stay alone on standard output, with what is found on standard error and in the summary', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  const { code, stdout, stderr } = await shop.run('web nothing -o github', { env: env() });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '10.0.0.1\n' });
  expect(stderr).toMatch(/^::error title=devops asg-ips%3A nothing::/m);
  expect(summary()).toMatch(/^### devops asg-ips: 1 unknown, 1 ok\n/);
});

test('a file that was written but not taken is told in annotations and in the summary as it is in a report', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  const words = ['web', '--write', 'ips', '--on-change', 'exit 1', '-o', 'github'];
  const { code, stderr } = await shop.run(words, { env: env() });
  expect(code).toBe(2);
  const annotations = stderr.split('\n').filter((line) => line.startsWith('::'));
  expect(annotations).toEqual([expect.stringContaining('the command of --on-change ended with exit code 1')]);
  expect(summary()).toContain('the command of --on-change ended with exit code 1');
});
