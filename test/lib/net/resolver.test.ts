import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, expect, test, vi } from 'vitest';
import { createResolver, type ResolverOptions } from '../../../src/lib/net/resolver.ts';
import { type DnsAnswer, startDnsServer } from './dns-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-resolver-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hostsFile = join(folder, 'hosts');
writeFileSync(hostsFile, '127.0.0.1 localhost\n::1 localhost\n192.0.2.77 listed.test short\n2001:db8::6 six.test\n');

/** A getent that notes whom it was asked for and knows `intranet` and `mdns.local`. */
const getent = join(folder, 'getent');
const asked = join(folder, 'asked');
writeFileSync(
  getent,
  `#!/bin/sh\necho "$2" >> ${asked}\ncase "$2" in intranet|mdns.local) echo "192.0.2.99 STREAM $2";; hangs) exec sleep 60;; *) exit 2;; esac\n`,
);
chmodSync(getent, 0o755);

function askedTheSystem(): string[] {
  const names = readFileSync(asked, { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean);
  rmSync(asked, { force: true });
  return names;
}

function resolver(options: Partial<ResolverOptions> = {}) {
  const resolve = createResolver({
    family: 0,
    timeoutSeconds: 5,
    env: { PATH: `${folder}:/usr/bin:/bin` },
    signal: new AbortController().signal,
    hostsFile,
    // Where nothing answers, so that a test that forgot its server does not ask the world.
    nameServers: ['127.0.0.1:1'],
    ...options,
  });
  return async (host: string) => (await resolve(host)).map(({ address }) => address);
}

const oneAddress = (_: string, type: 'A' | 'AAAA'): DnsAnswer => (type === 'A' ? ['192.0.2.1'] : []);

test('what the hosts file lists is asked of nobody', async () => {
  await using server = await startDnsServer(oneAddress);
  const resolve = resolver({ nameServers: [server.address] });
  expect(await resolve('listed.test')).toEqual(['192.0.2.77']);
  expect(await resolve('short')).toEqual(['192.0.2.77']);
  expect(await resolve('localhost')).toEqual(['127.0.0.1', '::1']);
  expect(server.questions).toEqual([]);
  expect(askedTheSystem()).toEqual([]);
});

test('of the hosts file only the family counts that is wanted', async () => {
  await using server = await startDnsServer(oneAddress);
  const nameServers = [server.address];
  expect(await resolver({ nameServers, family: 4 })('localhost')).toEqual(['127.0.0.1']);
  expect(await resolver({ nameServers, family: 6 })('localhost')).toEqual(['::1']);
  expect(await resolver({ nameServers, family: 4 })('six.test')).toEqual(['192.0.2.1']);
});

test('a name is asked once, however often and by whomever it is wanted', async () => {
  await using server = await startDnsServer(oneAddress);
  const resolve = resolver({ nameServers: [server.address] });
  const answers = await Promise.all(Array.from({ length: 50 }, () => resolve('one.test')));
  expect(new Set(answers.flat())).toEqual(new Set(['192.0.2.1']));
  await resolve('one.test');
  expect(server.questions.toSorted()).toEqual(['A one.test', 'AAAA one.test']);
});

test('a failure is not kept: the next one who wants the name asks again', async () => {
  let isDown = true;
  await using server = await startDnsServer((_, type) => (isDown ? 'SERVFAIL' : oneAddress(_, type)));
  const resolve = resolver({ nameServers: [server.address], family: 4 });
  await expect(resolve('one.test')).rejects.toMatchObject({ name: 'NameFailure', temporary: true });
  isDown = false;
  expect(await resolve('one.test')).toEqual(['192.0.2.1']);
});

test('a name without a dot is asked of the system, which knows the search domains', async () => {
  await using server = await startDnsServer(oneAddress);
  const resolve = resolver({ nameServers: [server.address] });
  expect(await resolve('intranet')).toEqual(['192.0.2.99']);
  expect(server.questions).toEqual([]);
  expect(askedTheSystem()).toEqual(['intranet']);
});

test('what no name server knows may be known to the system', async () => {
  await using server = await startDnsServer(() => 'NXDOMAIN');
  const resolve = resolver({ nameServers: [server.address] });
  expect(await resolve('mdns.local')).toEqual(['192.0.2.99']);
  await expect(resolve('absent.test')).rejects.toMatchObject({
    message: "there is no host called 'absent.test'",
    temporary: false,
  });
  expect(askedTheSystem()).toEqual(['mdns.local', 'absent.test']);
});

test('a name server that fails is not a reason to ask the system, which asks the same server', async () => {
  await using server = await startDnsServer(() => 'REFUSED');
  await expect(resolver({ nameServers: [server.address] })('mdns.local')).rejects.toMatchObject({ temporary: true });
  expect(askedTheSystem()).toEqual([]);
});

test('an address of the other family is none', async () => {
  await using server = await startDnsServer(() => []);
  await expect(resolver({ nameServers: [server.address], family: 6 })('mdns.local')).rejects.toMatchObject({
    message: "'mdns.local' has no IPv6 address",
    temporary: false,
  });
  askedTheSystem();
});

test('a silent name server is waited for no longer than told', async () => {
  await using server = await startDnsServer(() => 'nothing');
  const started = performance.now();
  await expect(resolver({ nameServers: [server.address], timeoutSeconds: 0.3 })('one.test')).rejects.toMatchObject({
    name: 'NameFailure',
    message: "no name server answered for 'one.test' within 0.3s",
    temporary: true,
  });
  expect(performance.now() - started).toBeLessThan(1_500);
});

test('a late answer within the limit is an answer, and 300 of them at once are', async () => {
  await using server = await startDnsServer(async (name, type) => {
    await delay(100);
    return oneAddress(name, type);
  });
  const resolve = resolver({ nameServers: [server.address], timeoutSeconds: 2 });
  const started = performance.now();
  const names = Array.from({ length: 300 }, (_, index) => `name-${index}.test`);
  expect((await Promise.all(names.map(resolve))).flat()).toHaveLength(300);
  expect(performance.now() - started).toBeLessThan(3_000);
});

test('an abort ends all that is asked and all that waits for its turn, and nothing new is asked', async () => {
  await using server = await startDnsServer(() => 'nothing');
  const controller = new AbortController();
  const reason = new Error('called off');
  const resolve = resolver({ nameServers: [server.address], signal: controller.signal, family: 4 });
  const names = Array.from({ length: 250 }, (_, index) => `name-${index}.test`);
  const answers = Promise.allSettled(names.map(resolve));
  await vi.waitFor(() => expect(server.questions.length).toBeGreaterThanOrEqual(100));
  controller.abort(reason);
  const started = performance.now();
  const reasons = (await answers).map((answer) => (answer.status === 'rejected' ? answer.reason : 'an answer'));
  expect(reasons.filter((each) => each !== reason)).toEqual([]);
  expect(performance.now() - started).toBeLessThan(1_000);
  await delay(50);
  expect(new Set(server.questions).size).toBe(100);
  await expect(resolve('later.test')).rejects.toBe(reason);
});

test('an abort before the first question is the end of it, too', async () => {
  await using server = await startDnsServer(() => 'nothing');
  const reason = new Error('called off');
  const resolve = resolver({ nameServers: [server.address], signal: AbortSignal.abort(reason) });
  await expect(resolve('one.test')).rejects.toBe(reason);
  await expect(resolve('intranet')).rejects.toBe(reason);
  expect(server.questions).toEqual([]);
});

test('an abort ends the programs that ask the system', async () => {
  const controller = new AbortController();
  const reason = new Error('called off');
  const resolve = resolver({ signal: controller.signal });
  const answer = resolve('hangs');
  answer.catch(() => undefined);
  await delay(100);
  controller.abort(reason);
  await expect(answer).rejects.toBe(reason);
  askedTheSystem();
});

test('a process whose names have all been given up can end', async () => {
  await using server = await startDnsServer(() => 'nothing');
  const script = join(folder, 'ends.mjs');
  const source = new URL('../../../src/lib/net/resolver.ts', import.meta.url).href;
  writeFileSync(
    script,
    `import { createResolver } from ${JSON.stringify(source)};
     const options = { family: 0, timeoutSeconds: 0.2, env: {}, signal: new AbortController().signal };
     const resolve = createResolver({ ...options, nameServers: [${JSON.stringify(server.address)}] });
     await resolve('one.test').catch(({ name }) => process.stdout.write(name));`,
  );
  const started = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 20_000 });
  expect(stdout).toBe('NameFailure');
  expect(performance.now() - started).toBeLessThan(3_000);
});
