import { expect, test } from 'vitest';
import { handshakeReader, type RawAnswer } from '../../../../src/lib/tls/raw/handshake-reader.ts';
import type { ProbeFailure } from '../../../../src/lib/tls/probe-failure.ts';
import { failureOf } from './raw-probe.ts';
import {
  alertRecord,
  certificateMessage,
  handshakeRecords,
  message,
  record,
  serverHelloMessage,
  uint24,
} from './server-bytes.ts';

// The reader does not look into certificates.
const certificates = [Buffer.alloc(700, 1), Buffer.alloc(900, 2)];
const hello = serverHelloMessage();
const flight = Buffer.concat([hello, certificateMessage(certificates)]);

function read(...chunks: Buffer[]): RawAnswer | undefined {
  const reader = handshakeReader();
  for (const chunk of chunks) {
    const answer = reader.push(chunk);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function readFailure(...chunks: Buffer[]): ProbeFailure {
  try {
    read(...chunks);
  } catch (error) {
    return failureOf(error);
  }
  throw new Error('it did not fail');
}

function byteByByte(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
}

test.each([
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv1'],
  [0x0302, 'TLSv1.1'],
  [0x0303, 'TLSv1.2'],
])('version %i is %s', (version, name) => {
  const bytes = handshakeRecords(
    Buffer.concat([serverHelloMessage(version, 0x0005), certificateMessage(certificates)]),
  );
  expect(read(bytes)).toEqual({
    certificates,
    version: name,
    cipher: 'TLS_RSA_WITH_RC4_128_SHA',
    clientCertificateWanted: false,
  });
});

test('messages may share a record, have one each, or be spread over records of any size', () => {
  const separate = Buffer.concat([handshakeRecords(hello), handshakeRecords(certificateMessage(certificates))]);
  expect(read(separate)?.certificates).toEqual(certificates);
  for (const size of [1, 2, 3, 4, 5, 7, 63, 1000]) {
    expect(read(handshakeRecords(flight, size))?.certificates).toEqual(certificates);
    expect(read(...byteByByte(handshakeRecords(flight, size)))?.certificates).toEqual(certificates);
  }
});

test('a CertificateRequest that has come is told, one that has not is not waited for', () => {
  const request = message(13, Buffer.alloc(20));
  const keyExchange = message(12, Buffer.alloc(300));
  const first = handshakeRecords(Buffer.concat([flight, keyExchange]), 1500);
  const second = handshakeRecords(request);
  expect(read(Buffer.concat([first, second]))?.clientCertificateWanted).toBe(true);
  expect(read(first, second)?.clientCertificateWanted).toBe(false);
  expect(read(first)?.clientCertificateWanted).toBe(false);
});

test('whatever is wrong behind the certificate does not take it away', () => {
  const bytes = handshakeRecords(flight);
  for (const rest of [
    alertRecord(2, 40),
    Buffer.from('garbage'),
    record(23, Buffer.alloc(9)),
    Buffer.alloc(5000, 22),
  ]) {
    expect(read(Buffer.concat([bytes, rest]))?.certificates).toEqual(certificates);
  }
});

test('a HelloRequest, a warning and an empty record before the answer are passed over', () => {
  const before = [handshakeRecords(message(0, Buffer.alloc(0))), alertRecord(1, 112), record(22, Buffer.alloc(0))];
  expect(read(...before, handshakeRecords(flight))?.certificates).toEqual(certificates);
  // Also in the middle of a message.
  const [start, end] = [flight.subarray(0, 500), flight.subarray(500)];
  expect(read(handshakeRecords(start), alertRecord(1, 90), handshakeRecords(end))?.certificates).toEqual(certificates);
});

test.each([
  ['warnings', alertRecord(1, 112)],
  ['empty records', record(22, Buffer.alloc(0))],
  ['empty alerts', record(21, Buffer.alloc(0))],
  ['HelloRequests', handshakeRecords(message(0, Buffer.alloc(0)))],
])('endless %s come to an end', (_, bytes) => {
  const reader = handshakeReader();
  let pushed = 0;
  let failure: unknown;
  while (failure === undefined && pushed < 1000) {
    pushed += 1;
    try {
      reader.push(bytes);
    } catch (error) {
      failure = error;
    }
  }
  expect(failureOf(failure).code).toBe('handshake-failed');
  expect(pushed).toBeLessThan(100);
});

test('the alert that ends it is told by name and meaning, also when its two bytes come apart', () => {
  const apart = Buffer.concat([record(21, Buffer.from([2])), record(21, Buffer.from([40]))]);
  for (const bytes of [alertRecord(2, 40), apart]) {
    expect(readFailure(bytes)).toMatchObject({
      code: 'handshake-failed',
      message: expect.stringContaining('(handshake_failure, alert 40)'),
    });
  }
  expect(readFailure(alertRecord(2, 80)).message).toContain('internal_error');
  expect(readFailure(alertRecord(2, 112)).code).toBe('sni-refused');
  expect(readFailure(alertRecord(2, 70)).message).toContain('speaks only TLS 1.3');
  expect(readFailure(alertRecord(1, 0)).code).toBe('reset');
  expect(readFailure(alertRecord(9, 40)).message).toContain('an alert of level 9');
});

test('a failure after a warning about the name hints at the name', () => {
  expect(readFailure(alertRecord(1, 112), alertRecord(2, 40)).hint).toContain('--servername');
  const reader = handshakeReader();
  reader.push(alertRecord(1, 112));
  expect(reader.closed('closed').code).toBe('sni-refused');
});

test('a server that closes is told apart by whether it had answered', () => {
  const reader = handshakeReader();
  expect(reader.closed('reset')).toMatchObject({
    code: 'reset',
    message: 'the server reset the connection when TLS was offered to it',
  });
  reader.push(handshakeRecords(hello));
  expect(reader.closed('closed').message).toBe('the server closed the connection before it had sent its certificate');
});

test('what is no TLS fails at its first byte, and the quote has what came with it', () => {
  expect(readFailure(Buffer.from('HTTP/1.1 400 Bad Request\r\n')).message).toContain("'HTTP/1.1 400 Bad Request'");
  expect(readFailure(Buffer.from('S'))).toMatchObject({ code: 'not-tls', message: expect.stringContaining("'S'") });
  expect(readFailure(Buffer.from([22]), Buffer.from([9, 9])).message).toContain('the bytes 16 09 09');
  expect(readFailure(Buffer.alloc(10_000_000, 'x')).message.length).toBeLessThan(200);
  expect(readFailure(Buffer.from([0x80, 0x2e, 4, 0, 1])).message).toContain('SSL 2.0');
});

const certificateBody = (body: Buffer): Buffer => handshakeRecords(Buffer.concat([hello, message(11, body)]));

test.each([
  ['a record above 16 KiB', Buffer.from([22, 3, 3, 0x40, 0x01])],
  ['garbage behind a record', Buffer.concat([handshakeRecords(hello), Buffer.from('garbage')])],
  ['encrypted data at once', record(23, Buffer.alloc(20))],
  ['ChangeCipherSpec instead of a certificate', Buffer.concat([handshakeRecords(hello), record(20, Buffer.from([1]))])],
  ['a certificate without a ServerHello', handshakeRecords(certificateMessage(certificates))],
  ['two ServerHellos', handshakeRecords(Buffer.concat([hello, hello]))],
  ['an empty ServerHello', handshakeRecords(message(2, Buffer.alloc(0)))],
  ['a ServerHello that ends in the session', handshakeRecords(message(2, hello.subarray(4, 50)))],
  ['a ServerHello that ends before the compression', handshakeRecords(message(2, hello.subarray(4, hello.length - 1)))],
  ['a version that nobody offered', handshakeRecords(serverHelloMessage(0x0304))],
  ['DTLS', handshakeRecords(serverHelloMessage(0xfefd))],
  ['an announcement of 16 MiB', Buffer.concat([handshakeRecords(hello), record(22, Buffer.from([11, 255, 255, 255]))])],
  ['a ServerHello of 2 MiB', record(22, Buffer.from([2, 0x20, 0, 0]))],
  ['an empty Certificate message', certificateBody(Buffer.alloc(0))],
  ['an empty list', certificateBody(uint24(0))],
  ['a list that is longer than it says', certificateBody(Buffer.concat([uint24(4), uint24(2), Buffer.alloc(2)]))],
  ['a list that is shorter than it says', certificateBody(Buffer.concat([uint24(6), uint24(2), Buffer.alloc(2)]))],
  ['a certificate beyond the list', certificateBody(Buffer.concat([uint24(5), uint24(3), Buffer.alloc(2)]))],
  ['an empty certificate', certificateBody(Buffer.concat([uint24(3), uint24(0)]))],
  ['a list that ends in a length', certificateBody(Buffer.concat([uint24(2), Buffer.alloc(2)]))],
  [
    '101 certificates',
    handshakeRecords(Buffer.concat([hello, certificateMessage(Array.from({ length: 101 }, () => certificates[0]!))])),
  ],
  [
    'an anonymous suite',
    handshakeRecords(Buffer.concat([serverHelloMessage(0x0303, 0x0034), message(12, Buffer.alloc(9))])),
  ],
])('%s fails', (_, bytes) => {
  const failure = readFailure(bytes);
  expect(failure.code).toBe('handshake-failed');
  // Byte by byte it comes to the same.
  expect(readFailure(...byteByByte(bytes)).message).toBe(failure.message);
});

test('100 certificates are allowed, and the message of an anonymous suite names it', () => {
  const many = Array.from({ length: 100 }, (_, index) => Buffer.alloc(index + 1, index));
  expect(read(handshakeRecords(Buffer.concat([hello, certificateMessage(many)])))?.certificates).toEqual(many);
  const anonymous = Buffer.concat([serverHelloMessage(0x0303, 0x0034), message(14, Buffer.alloc(0))]);
  expect(readFailure(handshakeRecords(anonymous)).message).toContain(
    'no certificate: it picked the cipher suite 0x0034',
  );
});
