import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { useAsgShop } from './run-asg-ips.ts';

const shop = useAsgShop();
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function endpoint(listener: RequestListener): Promise<{ AWS_ENDPOINT_URL: string }> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** One error line, at most a hint or two, and no stack. */
const expectOneError = (end: { code: number; stdout: string; stderr: string }) => {
  expect({ code: end.code, stdout: end.stdout }).toEqual({ code: 2, stdout: '' });
  expect(end.stderr).toMatch(/^devops: error: .+\n(?:devops: hint: .+\n)*$/);
  expect(end.stderr).not.toContain('defect of devops');
  return end.stderr;
};

test('without credentials it says so', async () => {
  shop.group('web', [{}]);
  const { AWS_ENDPOINT_URL, AWS_REGION } = shop.env;
  const env = { AWS_ENDPOINT_URL: AWS_ENDPOINT_URL!, AWS_REGION: AWS_REGION!, AWS_EC2_METADATA_DISABLED: 'true' };
  shop.env = { PATH: '/usr/bin:/bin' };
  expect(expectOneError(await shop.run('web', { env }))).toContain('credentials');
  expectOneError(await shop.run([], { env }));
});

test('a region that is none, and no region at all', async () => {
  shop.group('web', [{}]);
  expect(expectOneError(await shop.run('web --region eu-centrall-1'))).toContain('eu-centrall-1');
  delete shop.env['AWS_REGION'];
  expect(expectOneError(await shop.run('web'))).toContain('region');
});

test('a profile that does not exist', async () => {
  expect(expectOneError(await shop.run('web --profile nobody'))).toContain('nobody');
});

test('a group that does not exist', async () => {
  expect(expectOneError(await shop.run('web'))).toContain('there is no autoscaling group of this name');
});

test('a page of HTML in the place of an answer', async () => {
  const html = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>portal</body></html>';
  const env = await endpoint((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  expect(expectOneError(await shop.run('web', { env }))).toContain('is not XML of AWS');
  expect(expectOneError(await shop.run('web --write ips', { env }))).toContain('is not XML of AWS');
});

test('half an answer is never taken for a whole one', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.2' }]);
  for (const operation of ['DescribeInstances', 'DescribeAutoScalingGroups']) {
    shop.twin.fault({ operation, effect: 'truncate', times: Infinity });
    const { code, stderr } = await shop.run('web --write ips');
    expect({ code, isOneError: /^devops: error: [^\n]+\n(?:devops: hint: .+\n)?$/.test(stderr) }).toEqual({
      code: 2,
      isOneError: true,
    });
    shop.twin.forgetFaults();
  }
});

test('an answer that never comes ends at --timeout', async () => {
  const env = await endpoint((request) => request.resume());
  const started = performance.now();
  const end = await shop.run('web --timeout 300ms', { env });
  expect(performance.now() - started).toBeLessThan(3000);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toBe('devops: error: --timeout of 0.3s reached: the answer is not complete\n');
});

test('Ctrl-C ends a question', async () => {
  const { Interruption } = await import('../../src/interruption.ts');
  const controller = new AbortController();
  const env = await endpoint((request) => {
    request.resume();
    controller.abort(new Interruption('SIGINT'));
  });
  expect(await shop.run('web', { env, runtime: { interrupted: controller.signal } })).toEqual({
    code: 130,
    stdout: '',
    stderr: '',
  });
});

test('a page that comes again and again is no endless run, and no whole answer', async () => {
  shop.group(
    'web',
    Array.from({ length: 1500 }, (_, at) => ({ privateIp: `10.0.${at >> 8}.${at & 255}` })),
  );
  const fault = shop.twin.fault({ operation: 'DescribeInstances', effect: 'duplicate-page' });
  const { code, stdout } = await shop.run('web');
  expect({ code, used: fault.used, lines: new Set(stdout.split('\n')).size }).toEqual({
    code: 2,
    used: 1,
    lines: 1001,
  });
});

test('an address that is none does not become a line', async () => {
  const [id] = shop.group('web', [{ privateIp: '10.0.0.1\n6.6.6.6' }, { privateIp: '10.0.0.2' }]);
  const { code, stdout, stderr } = await shop.run('web');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '10.0.0.2\n' });
  expect(stderr).toContain(String.raw`devops: error: ${id}: EC2 told an address that is none: '10.0.0.1\n6.6.6.6'`);
});

test('two accounts may have a group of the same name', async () => {
  shop.group('web', [{ privateIp: '10.0.0.1' }]);
  const { writeFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret } = shop.env;
  const profile = (name: string) => `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = ${secret}\n`;
  const file = join(shop.folder, 'credentials');
  writeFileSync(file, profile('one') + profile('two'), { mode: 0o600 });
  const env = { AWS_SHARED_CREDENTIALS_FILE: file };
  const { code, stdout, stderr } = await shop.run('web --profile one,two -o jsonl', { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const profiles = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { profile: string }).profile);
  expect(profiles.toSorted()).toEqual(['one', 'two']);
});
