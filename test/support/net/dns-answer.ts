const headerLength = 12;
const typeA = 1;
const classInternet = 1;
const noSuchName = 3;

/**
 * The answer to a DNS message with one question (RFC 1035): `address` for the IPv4 address of any name, nothing of any
 * other type. Names that start with `absent` do not exist. Undefined where no answer shall be given: to names that
 * start with `mute`, and to what is no such message.
 */
export function answerTo(question: Buffer, address: string): Buffer | undefined {
  const end = endOfName(question);
  if (end === undefined || question.readUInt16BE(4) !== 1) return undefined;
  const name = question.toString('latin1', headerLength + 1, end).toLowerCase();
  if (name.startsWith('mute')) return undefined;
  const exists = !name.startsWith('absent');
  const found = exists && question.readUInt16BE(end) === typeA;
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(question.readUInt16BE(0), 0);
  // An answer with authority, recursion as it was asked for and available.
  header.writeUInt16BE(0x8480 | (question.readUInt16BE(2) & 0x0100) | (exists ? 0 : noSuchName), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found ? 1 : 0, 6);
  const parts = [header, question.subarray(headerLength, end + 4)];
  if (found) parts.push(addressRecord(address));
  return Buffer.concat(parts);
}

/** Where type and class of the question follow; undefined when the message is too short for them. */
function endOfName(message: Buffer): number | undefined {
  let at = headerLength;
  while (at < message.length && message[at] !== 0) at += message[at]! + 1;
  return at + 5 <= message.length ? at + 1 : undefined;
}

/** The name is a pointer to the question's; it may not be kept (TTL 0). */
function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc000 | headerLength, 0);
  record.writeUInt16BE(typeA, 2);
  record.writeUInt16BE(classInternet, 4);
  record.writeUInt32BE(0, 6);
  record.writeUInt16BE(4, 10);
  return Buffer.concat([record, Buffer.from(address.split('.').map(Number))]);
}
