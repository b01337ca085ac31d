import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bin, node, start, startShell } from '../support/start-devops.ts';
import { useAsgShop } from './run-asg-ips.ts';

const shop = useAsgShop();

test('a reader who has gone is no failure, and a reader who stops early gets its line', async () => {
  shop.group(
    'web',
    Array.from({ length: 3000 }, (_, at) => ({ privateIp: `10.0.${at >> 8}.${at & 255}` })),
  );
  const gone = await startShell('$DEVOPS asg-ips web | true; echo ${PIPESTATUS[0]}', { env: shop.env });
  expect({ stdout: gone.stdout, stderr: gone.stderr }).toEqual({ stdout: '0\n', stderr: '' });
  const first = await startShell('$DEVOPS asg-ips web | head -1', { env: shop.env });
  expect({ stdout: first.stdout, stderr: first.stderr }).toEqual({ stdout: '10.0.0.0\n', stderr: '' });
});

test('a loop over the addresses in a shell', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.2' }]);
  const line =
    'for ip in $($DEVOPS asg-ips web); do echo "<$ip>"; done; ips=$($DEVOPS asg-ips none) || echo "failed $?"';
  expect((await startShell(line, { env: shop.env })).stdout).toBe('<10.0.0.1>\n<10.0.0.2>\nfailed 2\n');
});

test('a run that is killed while it calls the command leaves the call to the next one', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  const words = (command: string) => [bin, 'asg-ips', 'web', '--write', 'ips', '--on-change', command];
  const options = { cwd: shop.folder, env: shop.env };
  const killed = await start(node, words('kill -9 $PPID; sleep 0.1'), options);
  expect(killed.signal).toBe('SIGKILL');
  expect(readFileSync(join(shop.folder, 'ips'), 'utf8')).toBe('10.0.0.1\n');
  const next = await start(node, words('cp "$DEVOPS_FILE" called'), options);
  expect({ code: next.exitCode, stderr: next.stderr }).toEqual({ code: 0, stderr: '' });
  expect(readFileSync(join(shop.folder, 'called'), 'utf8')).toBe('10.0.0.1\n');
});

test('wherever runs are killed, the command has been called for what is in the file in the end', async () => {
  const options = { cwd: shop.folder, env: shop.env };
  for (let round = 1; round <= 4; round++) {
    shop.group(`web-${round}`, [{ privateIp: `10.0.0.${round}` }]);
    const words = [bin, 'asg-ips', `web-${round}`, '--write', 'ips', '--on-change', 'cp "$DEVOPS_FILE" called'];
    const run = start(node, words, options);
    const killer = setTimeout(() => run.kill('SIGKILL'), 60 + round * 60);
    await run;
    clearTimeout(killer);
    expect((await start(node, words, options)).exitCode).toBe(0);
    expect(readFileSync(join(shop.folder, 'called'), 'utf8')).toBe(`10.0.0.${round}\n`);
  }
});
