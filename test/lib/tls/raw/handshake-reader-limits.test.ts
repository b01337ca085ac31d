import fc from 'fast-check';
import { expect, test } from 'vitest';
import { handshakeReader } from '../../../../src/lib/tls/raw/handshake-reader.ts';
import { failureOf } from './raw-probe.ts';
import {
  alertRecord,
  certificateMessage,
  handshakeRecords,
  message,
  record,
  serverHelloMessage,
} from './server-bytes.ts';

const recorded = Buffer.concat([
  alertRecord(1, 112),
  handshakeRecords(
    Buffer.concat([
      serverHelloMessage(),
      certificateMessage([Buffer.alloc(40, 1), Buffer.alloc(50, 2)]),
      message(13, Buffer.alloc(6)),
    ]),
    60,
  ),
]);

/** Pushes until there is an answer or a failure; any other error fails the test. */
function readAll(chunks: readonly Buffer[]): 'answer' | 'failure' | 'nothing' {
  const reader = handshakeReader();
  try {
    for (const chunk of chunks) if (reader.push(chunk) !== undefined) return 'answer';
  } catch (error) {
    failureOf(error);
    return 'failure';
  }
  failureOf(reader.closed('closed'));
  return 'nothing';
}

test('a Certificate message of 300 KB takes linear time, byte by byte and in records of one byte', () => {
  const certificates = Array.from({ length: 10 }, (_, index) => Buffer.alloc(30_000, index));
  const flight = Buffer.concat([serverHelloMessage(), certificateMessage(certificates)]);
  for (const bytes of [handshakeRecords(flight), handshakeRecords(flight, 1)]) {
    const reader = handshakeReader();
    const started = performance.now();
    let answer;
    for (let index = 0; index < bytes.length; index += 1) answer ??= reader.push(bytes.subarray(index, index + 1));
    // Measured: 0.4 s for 1.8 million pushes. Were each a copy of what came before, it would be minutes.
    expect(performance.now() - started).toBeLessThan(5000);
    expect(answer?.certificates).toEqual(certificates);
  }
});

test('memory follows what came, not what was announced', () => {
  const announced = Buffer.concat([serverHelloMessage(), Buffer.from([11, 0x10, 0, 0])]);
  const before = process.memoryUsage().arrayBuffers;
  const readers = Array.from({ length: 500 }, () => {
    const reader = handshakeReader();
    reader.push(handshakeRecords(announced));
    return reader;
  });
  expect(readers).toHaveLength(500);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
});

test('whatever bytes come in whatever pieces, it ends with an answer or a ProbeFailure', () => {
  const garbage = fc.uint8Array({ maxLength: 300 });
  const inRecord = fc
    .tuple(fc.integer({ min: 20, max: 23 }), garbage)
    .map(([contentType, content]) => record(contentType, content));
  const asMessages = fc
    .array(fc.tuple(fc.constantFrom(0, 2, 11, 13, 14), garbage), { maxLength: 5 })
    .map((messages) => handshakeRecords(Buffer.concat(messages.map(([type, body]) => message(type, body)))));
  const damaged = fc
    .array(fc.tuple(fc.nat(recorded.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const bytes = Buffer.from(recorded);
      for (const [offset, byte] of changes) bytes[offset] = byte;
      return bytes;
    });
  const pieces = fc.array(fc.oneof(garbage, inRecord, asMessages, damaged, fc.constant(recorded)), { maxLength: 6 });
  const outcomes = new Set<string>();
  const property = fc.property(pieces, fc.integer({ min: 1, max: 200 }), (parts, size) => {
    const bytes = Buffer.concat(parts);
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    const outcome = readAll(chunks);
    outcomes.add(outcome);
    // Where the pieces begin does not decide, except behind the certificate, where nothing is read any more.
    expect(readAll([bytes])).toBe(outcome);
  });
  const started = performance.now();
  fc.assert(property, { seed: 20_260_101, numRuns: 4000 });
  expect([...outcomes].toSorted()).toEqual(['answer', 'failure', 'nothing']);
  expect(performance.now() - started).toBeLessThan(10_000);
});
