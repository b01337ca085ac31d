import { ProbeFailure } from '../probe-failure.ts';
import { mostBytesOfAnswer, type Conversation, type Measure } from './conversation.ts';
import { quote } from './quote.ts';
import { refused } from './refusal.ts';

/** Bits of what server and client can do. */
const [longPassword, protocol41, ssl, secureConnection, pluginAuthentication] = [0x1, 0x200, 0x800, 0x8000, 0x80000];
const utf8mb4 = 45;
const headerLength = 4;
const handshakeVersion = 10;
const errorMark = 0xff;

/** MySQL and MariaDB (MySQL's internals manual, "Protocol::HandshakeV10", "Protocol::SSLRequest", "ERR_Packet"). */
export async function startMysql(conversation: Conversation): Promise<void> {
  const packet = await conversation.read(measurePacket);
  const payload = packet.subarray(headerLength);
  if (payload[0] === errorMark) throw refused('the connection', readError(payload));
  const handshake = readHandshake(payload);
  if (handshake === undefined) throw conversation.foreign(packet);
  if ((handshake.capabilities & ssl) === 0) {
    const message = `the server does not offer TLS, its version is ${quote(handshake.version)}`;
    throw new ProbeFailure('starttls-not-offered', message, {
      hint: 'In my.cnf, section [mysqld]: ssl_cert and ssl_key',
    });
  }
  await conversation.write(sslRequest());
}

const measurePacket: Measure = (bytes) => {
  if (bytes.length < headerLength + 1) return 'incomplete';
  const length = headerLength + bytes.readUIntLE(0, 3);
  const isFirst = bytes[3] === 0 && (bytes[4] === handshakeVersion || bytes[4] === errorMark);
  return isFirst && length <= mostBytesOfAnswer ? length : 'foreign';
};

/** Version of the server, and the lower half of its capabilities; undefined when the packet is too short. */
function readHandshake(payload: Buffer): { version: string; capabilities: number } | undefined {
  const end = payload.indexOf(0, 1);
  // Thread id 4, first part of the scramble 8, a zero.
  const capabilities = end + 1 + 4 + 8 + 1;
  if (end < 0 || payload.length < capabilities + 2) return undefined;
  return { version: payload.toString('utf8', 1, end), capabilities: payload.readUInt16LE(capabilities) };
}

/** Number and text. A # and the SQLSTATE stand between them once the client has said that it knows protocol 4.1. */
function readError(payload: Buffer): string {
  if (payload.length < 3) return 'an error without a number';
  const text = payload.toString('utf8', 3).replace(/^#[0-9A-Z]{5}/, '');
  return `${payload.readUInt16LE(1)} ${text}`;
}

/** A client's first packet cut off where its user name would be: capabilities, most bytes of a packet, character set. */
function sslRequest(): Buffer {
  const packet = Buffer.alloc(headerLength + 32);
  packet.writeUIntLE(32, 0, 3);
  packet[3] = 1;
  packet.writeUInt32LE(longPassword | protocol41 | ssl | secureConnection | pluginAuthentication, 4);
  packet.writeUInt32LE(2 ** 24 - 1, 8);
  packet[12] = utf8mb4;
  return packet;
}
