import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startTlsServer } from '../support/tls/node-server.ts';
import type { TestServer } from '../support/tls/test-server.ts';
import { day, type Issued } from '../support/tls/workshop.ts';
import { canServe, found, runChecks, useMatrix, wanted } from './matrix.ts';

// A name with several addresses, at which different certificates are sent.

const matrix = useMatrix('matrix-addresses');
const { keep } = matrix.servers;
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

const good = { status: 'ok', findings: [], probe: 'default' } as const;
const over = { status: 'critical', findings: ['expired critical 0'], probe: 'default' } as const;
let fresh: Issued;
let expired: Issued;
let path: string;

beforeAll(async () => {
  if (!canServe) return;
  const options = { names: ['twins', 'families', '::1'], issuer: matrix.authorities.root };
  [fresh, expired] = await Promise.all([
    matrix.workshop.leaf(options),
    matrix.workshop.leaf({ ...options, from: -90 * day, until: -day }),
  ]);
  path = systemThatKnows({ twins: ['127.0.0.1', '127.0.0.2'], families: ['::1', '127.0.0.1'] });
});

/** A folder with a getent of these names: a name without a dot is asked of the system, which has no such names. */
function systemThatKnows(hosts: Record<string, readonly string[]>): string {
  const folder = join(matrix.workshop.folder, 'bin');
  mkdirSync(folder);
  const cases = Object.entries(hosts).map(([name, addresses]) => {
    return `${name}) printf '%s STREAM ${name}\\n' ${addresses.join(' ')} ;;`;
  });
  const program = join(folder, 'getent');
  writeFileSync(program, `#!/bin/sh\ncase $2 in\n${cases.join('\n')}\n*) exit 2 ;;\nesac\n`);
  chmodSync(program, 0o755);
  return `${folder}:/usr/bin:/bin`;
}

/** The same port at two addresses. */
async function startTwins(first: [string, Issued], second: [string, Issued]): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const one = await serve(...first, 0);
    try {
      await serve(...second, one.port);
      return one.port;
    } catch (error) {
      // The port that was free at the one address may be taken at the other.
      if (attempt === 5 || !String(error).includes('EADDRINUSE')) throw error;
    }
  }
}

function serve(address: string, leaf: Issued, port: number): Promise<TestServer> {
  return keep(startTlsServer({ key: readFileSync(leaf.keyFile), cert: leaf.pem }, { address, port }));
}

async function run(...words: string[]) {
  const { code, records } = await runChecks(matrix, words, path);
  return { code, records: records.map((record) => [record.endpoint?.address, found(record)] as const) };
}

const asWanted = async (expected: typeof good | typeof over, expires: Issued) => {
  const { code: _, ...rest } = await wanted({ ...expected, expires });
  return rest;
};

describe.skipIf(!canServe)('two addresses of IPv4', () => {
  test('the first that answers is looked at', async () => {
    const port = await startTwins(['127.0.0.1', fresh], ['127.0.0.2', expired]);
    expect(await run(`twins:${port}`)).toMatchObject({
      code: 0,
      records: [['127.0.0.1', await asWanted(good, fresh)]],
    });
  });

  test('--all-ips finds the one that was forgotten', async () => {
    const port = await startTwins(['127.0.0.1', fresh], ['127.0.0.2', expired]);
    const { code, records } = await run(`twins:${port}`, '--all-ips');
    expect(code).toBe(1);
    expect(new Map(records)).toMatchObject(
      new Map([
        ['127.0.0.1', await asWanted(good, fresh)],
        ['127.0.0.2', await asWanted(over, expired)],
      ]),
    );
    expect(new Set(records.map(([, { record }]) => record.subject)).size).toBe(2);
  });

  test('--address looks at the one that is named', async () => {
    const port = await startTwins(['127.0.0.1', fresh], ['127.0.0.2', expired]);
    const { code, records } = await run(`twins:${port}`, '--address', '127.0.0.2');
    expect({ code, records }).toMatchObject({ code: 1, records: [['127.0.0.2', await asWanted(over, expired)]] });
  });
});

describe.skipIf(!canServe || !hasIpv6)('an address of each kind', () => {
  test.each([
    ['-4', '127.0.0.1'],
    ['-6', '::1'],
  ] as const)('%s looks at %s alone', async (word, address) => {
    const port = await startTwins(['127.0.0.1', expired], ['::1', fresh]);
    const expected = word === '-4' ? await asWanted(over, expired) : await asWanted(good, fresh);
    const { records } = await run(`families:${port}`, word, '--all-ips');
    expect(records).toMatchObject([[address, expected]]);
  });

  test('an address of IPv6 is a target, and is among the names', async () => {
    const { port } = await serve('::1', fresh, 0);
    expect(await run(`[::1]:${port}`)).toMatchObject({ code: 0, records: [['::1', await asWanted(good, fresh)]] });
  });
});
