/** Messages of a server, written down anew here so that the reader is not checked against itself. */

export function record(contentType: number, content: Uint8Array, version = 0x0303): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt8(contentType, 0);
  header.writeUInt16BE(version, 1);
  header.writeUInt16BE(content.length, 3);
  return Buffer.concat([header, content]);
}

/** Handshake records of at most `size` bytes of content each. */
export function handshakeRecords(messages: Uint8Array, size = 16_384): Buffer {
  const records: Buffer[] = [];
  for (let start = 0; start < messages.length; start += size) {
    records.push(record(22, messages.subarray(start, start + size)));
  }
  return Buffer.concat(records);
}

export function message(type: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt8(type, 0);
  header.writeUIntBE(body.length, 1, 3);
  return Buffer.concat([header, body]);
}

export function serverHelloMessage(version = 0x0303, cipher = 0xc02f, sessionId = Buffer.alloc(32, 7)): Buffer {
  const numbers = Buffer.alloc(5);
  numbers.writeUInt16BE(version, 0);
  numbers.writeUInt16BE(cipher, 2);
  return message(
    2,
    Buffer.concat([
      numbers.subarray(0, 2),
      Buffer.alloc(32, 5),
      Buffer.from([sessionId.length]),
      sessionId,
      numbers.subarray(2),
    ]),
  );
}

export function certificateMessage(certificates: readonly Uint8Array[]): Buffer {
  const list = Buffer.concat(certificates.flatMap((certificate) => [uint24(certificate.length), certificate]));
  return message(11, Buffer.concat([uint24(list.length), list]));
}

export function alertRecord(level: number, code: number): Buffer {
  return record(21, Buffer.from([level, code]));
}

export function uint24(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(value, 0, 3);
  return bytes;
}
