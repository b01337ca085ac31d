import { expect, test } from 'vitest';
import { clientHello } from '../../../../src/lib/tls/raw/client-hello.ts';
import { failureOf } from './raw-probe.ts';

const random = Buffer.alloc(32, 1);

interface Hello {
  length: number;
  ciphers: number[];
  extensions: Map<number, Buffer>;
}

/** Reads a hello with every length checked. */
function parse(hello: Buffer): Hello {
  expect([...hello.subarray(0, 3)]).toEqual([22, 3, 1]);
  expect(hello.readUInt16BE(3)).toBe(hello.length - 5);
  expect(hello[5]).toBe(1);
  expect(hello.readUIntBE(6, 3)).toBe(hello.length - 9);
  expect(hello.readUInt16BE(9)).toBe(0x0303);
  expect(hello.subarray(11, 43)).toEqual(random);
  expect(hello[43]).toBe(0);
  const ciphersEnd = 46 + hello.readUInt16BE(44);
  expect([...hello.subarray(ciphersEnd, ciphersEnd + 2)]).toEqual([1, 0]);
  expect(hello.readUInt16BE(ciphersEnd + 2)).toBe(hello.length - ciphersEnd - 4);
  const extensions = new Map<number, Buffer>();
  let offset = ciphersEnd + 4;
  while (offset < hello.length) {
    const end = offset + 4 + hello.readUInt16BE(offset + 2);
    expect(end).toBeLessThanOrEqual(hello.length);
    expect(extensions.has(hello.readUInt16BE(offset))).toBe(false);
    extensions.set(hello.readUInt16BE(offset), hello.subarray(offset + 4, end));
    offset = end;
  }
  return { length: hello.length - 5, ciphers: uint16s(hello.subarray(46, ciphersEnd)), extensions };
}

function uint16s(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(index * 2));
}

function algorithms(hello: Hello, extension = 13): number[] {
  return uint16s(hello.extensions.get(extension)!.subarray(2));
}

test('no name makes a ClientHello of 256 to 511 bytes, and ordinary ones stay below', () => {
  for (const forKeyType of [undefined, 'rsa', 'ec'] as const) {
    for (let length = 0; length <= 255; length += 1) {
      const hello = parse(clientHello({ servername: 'a'.repeat(length), forKeyType, random }));
      expect(hello.length < 256 || hello.length >= 512, `${length} characters: ${hello.length} bytes`).toBe(true);
      if (length <= 35) expect(hello.length).toBeLessThan(256);
      expect(hello.length).toBeLessThan(600);
      // An empty extension at the end is refused by some.
      expect([...hello.extensions.values()].at(-1)!.length).toBeGreaterThan(0);
    }
  }
});

test('the name is asked for without its last dot; an address or nothing is not asked for', () => {
  const name = (servername: string | undefined) => parse(clientHello({ servername, random })).extensions.get(0);
  const expected = Buffer.concat([Buffer.from([0, 14, 0, 0, 11]), Buffer.from('example.com')]);
  expect(name('example.com')).toEqual(expected);
  expect(name('example.com.')).toEqual(expected);
  for (const servername of [undefined, '', '192.0.2.1', '2001:db8::1']) expect(name(servername)).toBeUndefined();
});

test('a name that no host can have is refused', () => {
  let failure: unknown;
  try {
    clientHello({ servername: 'a'.repeat(256), random });
  } catch (error) {
    failure = error;
  }
  expect(failureOf(failure)).toMatchObject({
    code: 'handshake-failed',
    message: 'cannot ask for a server name of 256 bytes',
  });
});

test('it offers old and new, signals secure renegotiation, and neither a ticket nor TLS 1.3', () => {
  const hello = parse(clientHello({ servername: 'example.com', random }));
  for (const cipher of [0xc02b, 0xc02f, 0x009e, 0x002f, 0x000a, 0x0005, 0x0041, 0x0096, 0x0032, 0x00ff]) {
    expect(hello.ciphers).toContain(cipher);
  }
  for (const algorithm of [0x0403, 0x0807, 0x0804, 0x0401, 0x0203, 0x0201])
    expect(algorithms(hello)).toContain(algorithm);
  expect([...hello.extensions.keys()].toSorted((one, other) => one - other)).toEqual([0, 10, 11, 13, 23]);
});

test('for one kind of certificate it offers nothing that another one could answer', () => {
  const rsa = parse(clientHello({ servername: undefined, forKeyType: 'rsa', random }));
  expect(rsa.ciphers).toContain(0xc02f);
  expect(rsa.ciphers).toContain(0x002f);
  for (const cipher of [0xc02b, 0xc00a, 0x0032]) expect(rsa.ciphers).not.toContain(cipher);
  expect(algorithms(rsa)).toEqual([0x0804, 0x0805, 0x0806, 0x0809, 0x0401, 0x0501, 0x0601, 0x0201]);

  const ec = parse(clientHello({ servername: undefined, forKeyType: 'ec', random }));
  expect(ec.ciphers).toContain(0xc02b);
  for (const cipher of [0xc02f, 0x002f, 0x0032]) expect(ec.ciphers).not.toContain(cipher);
  expect(algorithms(ec)).toEqual([0x0403, 0x0503, 0x0603, 0x0203]);
  // The chain above may be signed with anything.
  expect(algorithms(ec, 50)).toContain(0x0401);
});
