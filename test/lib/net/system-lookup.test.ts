import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { NameFailure } from '../../../src/lib/net/name-failure.ts';
import { lookUpByTheSystem, readAddresses } from '../../../src/lib/net/system-lookup.ts';
import { requireProgram } from '../../support/services.ts';

const getent = requireProgram('getent', 'names are not looked up by the system');
const folder = mkdtempSync(join(tmpdir(), 'devops-getent-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { env: { PATH: '/usr/bin:/bin' }, signal: new AbortController().signal, timeoutSeconds: 5 };

/** A PATH with a getent in it that is this shell script. */
function withGetent(script: string): { PATH: string } {
  writeFileSync(join(folder, 'getent'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'getent'), 0o755);
  return { PATH: `${folder}:/usr/bin:/bin` };
}

test.skipIf(getent === undefined)('the system knows localhost', async () => {
  const found = (await lookUpByTheSystem('localhost', options)).map(({ address }) => address);
  expect(found.filter((address) => address !== '127.0.0.1' && address !== '::1')).toEqual([]);
  expect(found.length).toBeGreaterThan(0);
});

test.skipIf(getent === undefined)('what the system does not know either is no host', async () => {
  const env = withGetent('exit 2');
  await expect(lookUpByTheSystem('absent.invalid', { ...options, env })).rejects.toMatchObject({
    name: 'NameFailure',
    message: "there is no host called 'absent.invalid'",
    temporary: false,
  });
});

test('the name is one argument to getent, whatever stands in it', async () => {
  const env = withGetent('test "$#" = 2 && test "$2" = "a b;\\$(id)" && echo "192.0.2.1 STREAM"');
  expect(await lookUpByTheSystem('a b;$(id)', { ...options, env })).toEqual([{ address: '192.0.2.1', family: 4 }]);
});

test('without getent the C library is asked in our own process', async () => {
  const env = { PATH: join(folder, 'empty') };
  const found = (await lookUpByTheSystem('localhost', { ...options, env })).map(({ address }) => address);
  expect(found.filter((address) => address !== '127.0.0.1' && address !== '::1')).toEqual([]);
  expect(found.length).toBeGreaterThan(0);
});

test('a getent that hangs is ended in time, and later there may be an answer', async () => {
  const started = performance.now();
  const asked = lookUpByTheSystem('one.test', { ...options, env: withGetent('exec sleep 60'), timeoutSeconds: 0.2 });
  await expect(asked).rejects.toMatchObject({
    name: 'NameFailure',
    message: "no name server answers when asked for 'one.test'",
    temporary: true,
  });
  expect(performance.now() - started).toBeLessThan(3_000);
});

test('an abort ends getent, with the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('called off');
  const asked = lookUpByTheSystem('one.test', {
    ...options,
    env: withGetent('exec sleep 60'),
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(reason), 50);
  await expect(asked).rejects.toBe(reason);
  await expect(lookUpByTheSystem('one.test', { ...options, signal: controller.signal })).rejects.toBe(reason);
});

test('each address is there once, in the order of the system', () => {
  const lines = [
    '2001:db8::1     STREAM one.test',
    '2001:db8::1     DGRAM',
    '2001:db8::1     RAW',
    '192.0.2.1       STREAM',
    '192.0.2.1       DGRAM',
    'fe80::1%eth0    STREAM',
    'nonsense',
    '',
  ];
  expect(readAddresses(lines.join('\n'))).toEqual([
    { address: '2001:db8::1', family: 6 },
    { address: '192.0.2.1', family: 4 },
    { address: 'fe80::1%eth0', family: 6 },
  ]);
  expect(new NameFailure('nothing', { temporary: false })).not.toHaveProperty('cause');
});
