import {
  constants,
  createCipheriv,
  createHash,
  createHmac,
  privateDecrypt,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { startRawServer } from './raw-server.ts';
import type { TestServer } from './test-server.ts';
import type { Issued } from './workshop.ts';

// A server that has never heard of secure renegotiation (RFC 5746), which no TLS library in reach can still be: TLS 1.2
// (RFC 5246) with TLS_RSA_WITH_AES_128_GCM_SHA256 (RFC 5288), and a ServerHello without any extension.

const record = { changeCipherSpec: 20, handshake: 22 };
const message = { serverHello: 2, certificate: 11, serverHelloDone: 14, clientKeyExchange: 16, finished: 20 };

/** What the client's second flight comes to. */
export type UnboundBehaviour = 'handshake' | 'hang' | 'reset';

/** Starts the server with a leaf that has an RSA key. */
export function startUnboundServer(leaf: Issued, behaviour: UnboundBehaviour = 'handshake'): Promise<TestServer> {
  const certificate = new X509Certificate(leaf.pem).raw;
  const key = readFileSync(leaf.keyFile);
  return startRawServer((socket) => serve(socket, certificate, key, behaviour));
}

function serve(socket: Socket, certificate: Buffer, key: Buffer, behaviour: UnboundBehaviour): void {
  const serverRandom = randomBytes(32);
  const transcript: Buffer[] = [];
  let clientRandom: Buffer = Buffer.alloc(0);
  let master: Buffer | undefined;
  let encrypted = false;
  let received: Buffer = Buffer.alloc(0);

  const say = (type: number, body: Buffer) => {
    const bytes = handshakeMessage(type, body);
    transcript.push(bytes);
    socket.write(recordOf(record.handshake, bytes));
  };
  const onMessage = (bytes: Buffer) => {
    transcript.push(bytes);
    if (bytes[0] === 1) {
      clientRandom = bytes.subarray(6, 38);
      // Version, random, no session, TLS_RSA_WITH_AES_128_GCM_SHA256, no compression, no extensions.
      say(message.serverHello, Buffer.concat([Buffer.from([3, 3]), serverRandom, Buffer.from([0, 0x00, 0x9c, 0])]));
      say(message.certificate, withLength(withLength(certificate)));
      say(message.serverHelloDone, Buffer.alloc(0));
    }
    if (bytes[0] !== message.clientKeyExchange) return;
    if (behaviour === 'reset') socket.resetAndDestroy();
    if (behaviour !== 'handshake') return;
    const padding = constants.RSA_PKCS1_PADDING;
    const secret = privateDecrypt({ key, padding }, bytes.subarray(6));
    master = prf(secret, 'master secret', Buffer.concat([clientRandom, serverRandom]), 48);
  };
  const finish = (secret: Buffer) => {
    const seen = () => createHash('sha256').update(Buffer.concat(transcript)).digest();
    const keys = prf(secret, 'key expansion', Buffer.concat([serverRandom, clientRandom]), 40);
    // Ours confirms the client's as well, which came encrypted and can say but one thing.
    transcript.push(handshakeMessage(message.finished, prf(secret, 'client finished', seen(), 12)));
    const finished = handshakeMessage(message.finished, prf(secret, 'server finished', seen(), 12));
    socket.write(recordOf(record.changeCipherSpec, Buffer.from([1])));
    socket.write(recordOf(record.handshake, seal(finished, keys.subarray(16, 32), keys.subarray(36, 40))));
  };

  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 5 && received.length >= 5 + received.readUInt16BE(3)) {
      const type = received[0];
      const body = received.subarray(5, 5 + received.readUInt16BE(3));
      received = received.subarray(5 + body.length);
      if (type === record.changeCipherSpec) encrypted = true;
      else if (type === record.handshake && !encrypted) onMessage(body);
      else if (type === record.handshake && master !== undefined) finish(master);
    }
  });
}

/** The first record of a side that is sealed with AES-128-GCM: number 0, and the explicit part of the nonce is 0 too. */
function seal(plain: Buffer, key: Buffer, salt: Buffer): Buffer {
  const explicit = Buffer.alloc(8);
  const cipher = createCipheriv('aes-128-gcm', key, Buffer.concat([salt, explicit]));
  cipher.setAAD(Buffer.concat([Buffer.alloc(8), Buffer.from([record.handshake, 3, 3, 0, plain.length])]));
  return Buffer.concat([explicit, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** RFC 5246 section 5. */
function prf(secret: Buffer, label: string, seed: Buffer, length: number): Buffer {
  const hmac = (data: Buffer) => createHmac('sha256', secret).update(data).digest();
  const labelled = Buffer.concat([Buffer.from(label), seed]);
  const parts: Buffer[] = [];
  for (let a = hmac(labelled); parts.length * 32 < length; a = hmac(a)) parts.push(hmac(Buffer.concat([a, labelled])));
  return Buffer.concat(parts).subarray(0, length);
}

function recordOf(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 0xff]), body]);
}

function handshakeMessage(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), withLength(body)]);
}

/** Before it its length in three bytes. */
function withLength(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length.subarray(1), body]);
}
