import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openNameServers } from '../../../src/lib/net/name-servers.ts';
import { NameFailure } from '../../../src/lib/net/name-failure.ts';
import { type DnsAnswer, startDnsServer } from './dns-server.ts';

/** Asks for `one.test` of a server that gives these answers. */
async function ask(
  answer: (type: 'A' | 'AAAA') => DnsAnswer | Promise<DnsAnswer>,
  family: 0 | 4 | 6 = 0,
): Promise<{ addresses: readonly string[]; questions: string[] }> {
  await using server = await startDnsServer((_, type) => answer(type));
  const servers = await openNameServers(family, [server.address]);
  try {
    const addresses = (await servers.ask('one.test')).map(({ address }) => address);
    return { addresses, questions: server.questions.toSorted() };
  } finally {
    servers.cancel();
  }
}

async function failureOf(asked: Promise<unknown>): Promise<NameFailure> {
  const error = await asked.catch((failure: unknown) => failure);
  if (error instanceof NameFailure) return error;
  throw new Error('no NameFailure', { cause: error });
}

const both = (type: 'A' | 'AAAA'): DnsAnswer => (type === 'A' ? ['192.0.2.1', '192.0.2.2'] : ['2001:db8::1']);

test('both kinds are asked at once, each once, and IPv6 comes first', async () => {
  expect(await ask(both)).toEqual({
    addresses: ['2001:db8::1', '192.0.2.1', '192.0.2.2'],
    questions: ['A one.test', 'AAAA one.test'],
  });
});

test.each([
  [4, ['192.0.2.1', '192.0.2.2'], ['A one.test']],
  [6, ['2001:db8::1'], ['AAAA one.test']],
] as const)('with family %i only that kind is asked', async (family, addresses, questions) => {
  expect(await ask(both, family)).toEqual({ addresses, questions });
});

test.each(['SERVFAIL', 'NXDOMAIN', 'REFUSED'] as const)(
  'addresses of one kind do when the other is %s',
  async (bad) => {
    expect((await ask((type) => (type === 'A' ? ['192.0.2.1'] : bad))).addresses).toEqual(['192.0.2.1']);
    expect((await ask((type) => (type === 'A' ? bad : ['2001:db8::1']))).addresses).toEqual(['2001:db8::1']);
  },
);

test('a name server that leaves questions for AAAA without an answer does not hide the address that it told', async () => {
  const started = performance.now();
  expect((await ask((type) => (type === 'A' ? ['192.0.2.1'] : 'nothing'))).addresses).toEqual(['192.0.2.1']);
  expect(performance.now() - started).toBeLessThan(3_000);
});

test('an answer that comes a little later than the other is waited for', async () => {
  const late = async (type: 'A' | 'AAAA') => {
    if (type === 'AAAA') await delay(200);
    return both(type);
  };
  expect((await ask(late)).addresses).toEqual(['2001:db8::1', '192.0.2.1', '192.0.2.2']);
});

test.each([
  ['NXDOMAIN', 'NXDOMAIN', "no name server knows 'one.test'", false],
  [[], [], "no name server knows 'one.test'", false],
  [[], 'NXDOMAIN', "no name server knows 'one.test'", false],
  ['SERVFAIL', 'SERVFAIL', "the name server has failed to find out about 'one.test' (SERVFAIL)", true],
  ['SERVFAIL', [], "the name server has failed to find out about 'one.test' (SERVFAIL)", true],
  [[], 'SERVFAIL', "the name server has failed to find out about 'one.test' (SERVFAIL)", true],
  ['REFUSED', 'REFUSED', "the name server refuses to answer for 'one.test' (REFUSED)", true],
] as const)('A %j and AAAA %j is a failure: %s', async (a, aaaa, message, temporary) => {
  const failure = await failureOf(ask((type) => (type === 'A' ? a : aaaa)));
  expect(failure).toMatchObject({ name: 'NameFailure', message, temporary });
});

test('a port at which nobody answers is a temporary failure', async () => {
  let address: string;
  {
    await using gone = await startDnsServer(() => 'nothing');
    ({ address } = gone);
  }
  const servers = await openNameServers(4, [address]);
  expect(await failureOf(servers.ask('one.test'))).toMatchObject({
    message: "no name server answers when asked for 'one.test'",
    temporary: true,
  });
});

test('what is called off fails at once', async () => {
  await using server = await startDnsServer(() => 'nothing');
  const servers = await openNameServers(0, [server.address]);
  const asked = Promise.allSettled([servers.ask('one.test'), servers.ask('two.test')]);
  await delay(20);
  servers.cancel();
  const failures = (await asked).map((result) => (result.status === 'rejected' ? result.reason : undefined));
  expect(failures.map((failure) => failure instanceof NameFailure)).toEqual([true, true]);
});

test('a name that no DNS message can hold is a failure, not a crash', async () => {
  await using server = await startDnsServer(() => []);
  const servers = await openNameServers(0, [server.address]);
  for (const name of [`${'a'.repeat(64)}.test`, `${'a.'.repeat(200)}test`, 'two..dots', '.', '']) {
    expect(await failureOf(servers.ask(name))).toBeInstanceOf(NameFailure);
  }
});
