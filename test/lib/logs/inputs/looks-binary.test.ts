import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { looksBinary } from '../../../../src/lib/logs/inputs/looks-binary.ts';

const line = '2026-11-20T16:26:05Z INFO ready\n';

function field(text: string, bytes: number): Buffer {
  const padded = Buffer.alloc(bytes);
  padded.write(text);
  return padded;
}

/** An entry of wtmp on x86-64 (utmp(5)): 384 bytes, 2 of them padding behind the type. */
function login(type: number, user: string, terminal: string, host: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt16LE(type, 0);
  head.writeInt32LE(4711, 4);
  const time = Buffer.alloc(8);
  time.writeInt32LE(1_795_192_000, 0);
  const rest = [field(terminal, 32), field('ts/0', 4), field(user, 32), field(host, 256), Buffer.alloc(4 + 4), time];
  return Buffer.concat([head, ...rest, Buffer.alloc(16 + 20)]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type), data, Buffer.from('abcd')]);
}

const journal = Buffer.alloc(272);
journal.write('LPKSHHRH');
journal.writeUInt32LE(2, 12);
journal[16] = 1;
journal.fill(0x5a, 24, 88);
journal.writeBigUInt64LE(272n, 88);
journal.writeBigUInt64LE(8n * 1024n * 1024n - 272n, 96);

test.for([
  ['wtmp', Buffer.concat([login(2, 'reboot', '~', '6.1.0-18-amd64'), login(7, 'root', 'pts/0', '192.0.2.1')])],
  ['ELF', readFileSync(process.execPath).subarray(0, 65_536)],
  [
    'PNG',
    Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', Buffer.alloc(13)),
      chunk('IDAT', deflateSync(line)),
    ]),
  ],
  ['tar', execFileSync('tar', ['-cf', '-', '-C', import.meta.dirname, 'tree.ts'])],
  ['journal', journal],
  ['one NUL', Buffer.from(`${line}a\0b\n`)],
  ['15 NULs', Buffer.from(`${line}${'\0'.repeat(15)}${line}`)],
  ['a NUL at the end', Buffer.from(`${line}\0`)],
  ['a hole and a NUL', Buffer.from(`${'\0'.repeat(4096)}${line}a\0b`)],
] as const)('%s is binary', ([, head]) => {
  expect(looksBinary(head)).toBe(true);
});

test.for([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from(line.repeat(5000))],
  ['Latin-1', Buffer.from('caf\xe9\n', 'latin1')],
  ['colours and other control characters', Buffer.from(`\x1b[31mERROR\x1b[0m\x07\b\f\v\x01\n`)],
  ['a hole before the lines', Buffer.from('\0'.repeat(30_000) + line)],
  ['a hole of 16 between lines', Buffer.from(line + '\0'.repeat(16) + line)],
  ['a hole at the end', Buffer.from(line + '\0'.repeat(512))],
  ['a hole only', Buffer.alloc(65_536)],
  ['a hole that begins with the last byte that is looked at', Buffer.from('x'.repeat(65_535) + '\0'.repeat(100))],
  ['a NUL behind 64 KiB', Buffer.from(`${'x'.repeat(65_536)}\0x`)],
] as const)('%s is a log', ([, head]) => {
  expect(looksBinary(head)).toBe(false);
});

test('a NUL in a run of fewer than 16 is seen wherever it stands', () => {
  const part = fc.oneof(
    fc.constant('x'),
    fc.integer({ min: 1, max: 40 }).map((length) => '\0'.repeat(length)),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('');
      const isShort = (text.match(/\0+/g) ?? []).some((run) => run.length < 16);
      expect(looksBinary(Buffer.from(text))).toBe(isShort);
    }),
  );
});
