import { chmodSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireProgram } from '../support/services.ts';
import { bareEnvironment, bin, node, start, startShell } from '../support/start-devops.ts';
import { startTlsServer } from '../support/tls/node-server.ts';
import { rawBehaviours, startRawServer } from '../support/tls/raw-server.ts';
import { serverPark } from '../support/tls/test-server.ts';
import { day, type Issued, openWorkshop } from '../support/tls/workshop.ts';

const openssl = requireProgram('openssl', 'the process of ssl-expiry is not tried with certificates');
const workshop = openWorkshop('ssl-process');
const servers = serverPark();
let good: number;
let ending: number;
/** At every address of this machine, so that there are as many targets as one likes. */
let everywhere: number;
let silent: number;
/** That were ever made to the silent one. */
let connections = 0;
let leaf: Issued;
let env: Record<string, string>;

beforeAll(async () => {
  if (openssl === undefined) return;
  const root = await workshop.authority('Test Root');
  const serve = async (issued: Issued, address = '127.0.0.1') => {
    const options = { key: readFileSync(issued.keyFile), cert: issued.pem };
    return (await servers.keep(startTlsServer(options, { address }))).port;
  };
  leaf = await workshop.leaf({ names: ['127.0.0.1'], issuer: root });
  good = await serve(leaf);
  everywhere = await serve(leaf, '0.0.0.0');
  ending = await serve(
    await workshop.leaf({ names: ['127.0.0.1'], issuer: root, from: -80 * day, until: 2 * day + 60 }),
  );
  const keepSilent = (socket: Socket) => {
    connections++;
    rawBehaviours.silent(socket);
  };
  silent = (await servers.keep(startRawServer(keepSilent, '0.0.0.0'))).port;
  env = { SSL_CERT_FILE: root.certificateFile, STATE_DIRECTORY: workshop.folder, CACHE_DIRECTORY: workshop.folder };
});
afterAll(async () => {
  await servers.close();
  workshop.close();
});

const addresses = (count: number) => Array.from({ length: count }, (_, at) => `127.1.${at >> 8}.${at & 255}`);
const list = (port: number, count: number) =>
  addresses(count)
    .map((address) => `${address}:${port}\n`)
    .join('');
/** A line of sh in cron's environment. */
const cron = (line: string) => startShell(line, { cwd: workshop.folder, env });

test.skipIf(openssl === undefined)(
  'a line of a crontab is silent while all is well, and one line when it is not',
  async () => {
    const fine = await cron(`$DEVOPS ssl-expiry -q 127.0.0.1:${good} < /dev/null`);
    expect(fine).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    const bad = await cron(`$DEVOPS ssl-expiry -q 127.0.0.1:${good} 127.0.0.1:${ending} < /dev/null`);
    expect(bad).toMatchObject({ exitCode: 1, stderr: '' });
    expect(bad.stdout).toMatch(
      /^critical: 127\.0\.0\.1:\d+: the certificate expires in 2d, on \d{4}-\d\d-\d\dT[\d:]+Z \(renew it now\)\n$/,
    );
  },
);

test.skipIf(openssl === undefined)(
  'it does without standard input, a home and a working directory of its own',
  async () => {
    const result = await cron(`cd / && env -u HOME $DEVOPS ssl-expiry -q 127.0.0.1:${good} <&-`);
    expect(result).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    const none = await cron('$DEVOPS ssl-expiry -f - <&-');
    expect(none).toMatchObject({ exitCode: 2, stdout: '' });
    expect(none.stderr).toMatch(/^devops: error: (no target in|cannot read) standard input/);
  },
);

test.skipIf(openssl === undefined)(
  'Ctrl-C with ten thousand silent targets prints what is known at once, says how much that is, and 130',
  async () => {
    const targets = workshop.file('silent.txt', `127.0.0.1:${good}\n127.0.0.1:${ending}\n${list(silent, 10_000)}`);
    const report = ['--report', `junit=${workshop.folder}/stopped.xml`];
    const child = start(node, [bin, 'ssl-expiry', '-f', targets, '-v', ...report], {
      env: { ...bareEnvironment, ...env },
    });
    // The two that answer were asked first, and two more have taken their places.
    await expect.poll(() => connections, { timeout: 15_000 }).toBe(256);
    const asked = performance.now();
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await child;
    expect(performance.now() - asked).toBeLessThan(1_500);
    expect(exitCode).toBe(130);
    expect(stdout.split('\n').map((line) => line.split('\t').slice(0, 2).join(' '))).toEqual([
      `127.0.0.1:${ending} critical`,
      `127.0.0.1:${good} ok`,
      '',
    ]);
    expect(stderr).toContain('devops: stopped: 2 of 10002 targets were looked at\n');
    expect(readFileSync(`${workshop.folder}/stopped.xml`, 'utf8')).toContain('<error type="unknown"');
  },
);

test.skipIf(openssl === undefined)('--timeout ends it the same way, and 2', async () => {
  const targets = workshop.file('late.txt', `127.0.0.1:${good}\n${list(silent, 300)}`);
  const { exitCode, stdout, stderr } = await cron(`$DEVOPS ssl-expiry -f ${targets} --timeout 1500ms`);
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/^127\.0\.0\.1:\d+\tok\t.*\n$/);
  expect(stderr).toBe(
    'devops: stopped: 1 of 301 targets were looked at\ndevops: error: --timeout of 1.5s reached: the answer is not complete\n',
  );
});

test.skipIf(openssl === undefined)('head -1 ends it without a word, and 0', async () => {
  const targets = workshop.file('many.txt', list(everywhere, 300));
  for (const format of ['text', 'jsonl', 'csv']) {
    const words = `-f ${targets} --ignore hostname-mismatch -o ${format}`;
    const result = await cron(`$DEVOPS ssl-expiry ${words} | head -1 | wc -l; echo "\${PIPESTATUS[0]}"`);
    expect(result, format).toMatchObject({ stdout: '1\n0\n', stderr: '' });
  }
});

test.skipIf(openssl === undefined).each([40, 64, 200])(
  'with %i open files allowed nothing healthy looks dead',
  async (limit) => {
    const targets = workshop.file(`few-${limit}.txt`, list(everywhere, 300));
    const words = `-f ${targets} --concurrency 256 --ignore hostname-mismatch`;
    const { exitCode, stdout, stderr } = await cron(
      `ulimit -n ${limit}; $DEVOPS ssl-expiry ${words} | cut -f2 | sort | uniq -c`,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.trim()).toBe('300 ok');
  },
);

test.skipIf(openssl === undefined)('a file that may not be read says so, also beside one that may', async () => {
  const closed = workshop.file('closed.pem', leaf.pem);
  chmodSync(closed, 0);
  const line = [node, bin, 'ssl-expiry', '-q', closed, leaf.certificateFile];
  // As a process whose rights the modes of files decide, also when the tests run as root.
  if (process.getuid!() === 0) line.unshift('setpriv', '--bounding-set', '-dac_override,-dac_read_search');
  const { exitCode, stdout, stderr } = await start(line[0]!, line.slice(1), { env: { ...bareEnvironment, ...env } });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
  expect(stdout).toBe(`unknown: ${closed}: cannot be read: permission denied (run it as a user who may read it)\n`);
});
