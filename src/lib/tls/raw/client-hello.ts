import { isIP } from 'node:net';
import { ProbeFailure } from '../probe-failure.ts';
import { cipherSuites, type KeyType } from './cipher-suites.ts';

export interface ClientHelloOptions {
  /** Name to ask for (SNI, RFC 6066); not sent when it is an address, which RFC 6066 forbids, or undefined. */
  servername: string | undefined;
  /** Offers only what a server with this kind of certificate can take; undefined offers all. */
  forKeyType?: 'rsa' | 'ec' | undefined;
  /** 32 bytes. */
  random: Uint8Array;
}

const renegotiationInfoScsv = 0x00ff;

// No ffdhe group: with one in the list, a server that has only a DH group of its own must not pick DHE (RFC 7919, 4).
const supportedGroups = [
  0x001d, // x25519
  0x0017, // secp256r1
  0x0018, // secp384r1
  0x0019, // secp521r1
  0x0015, // secp224r1
  0x0016, // secp256k1
  0x001a, // brainpoolP256r1
  0x001b, // brainpoolP384r1
  0x001c, // brainpoolP512r1
];

const signatureAlgorithms: readonly (readonly [code: number, keyType: KeyType | 'eddsa'])[] = [
  [0x0403, 'ec'], // ecdsa_secp256r1_sha256
  [0x0503, 'ec'], // ecdsa_secp384r1_sha384
  [0x0603, 'ec'], // ecdsa_secp521r1_sha512
  [0x0807, 'eddsa'], // ed25519
  [0x0808, 'eddsa'], // ed448
  [0x0804, 'rsa'], // rsa_pss_rsae_sha256
  [0x0805, 'rsa'], // rsa_pss_rsae_sha384
  [0x0806, 'rsa'], // rsa_pss_rsae_sha512
  [0x0809, 'rsa'], // rsa_pss_pss_sha256
  [0x0401, 'rsa'], // rsa_pkcs1_sha256
  [0x0501, 'rsa'], // rsa_pkcs1_sha384
  [0x0601, 'rsa'], // rsa_pkcs1_sha512
  [0x0203, 'ec'], // ecdsa_sha1
  [0x0201, 'rsa'], // rsa_pkcs1_sha1
  [0x0202, 'dsa'], // dsa_sha1
];

const extensionTypes = {
  serverName: 0,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  padding: 21,
  extendedMasterSecret: 23,
  signatureAlgorithmsCert: 50,
};

/**
 * The TLS 1.2 ClientHello (RFC 5246, 7.4.1.2) in one record, which says TLS 1.0 in its header as all clients do for the
 * sake of old servers.
 *
 * It has less than 256 bytes, which broken old servers and middleboxes take best, and exactly 512 where a long name
 * does not allow that: some hang on a ClientHello of 256 to 511 bytes (RFC 7685).
 *
 * @throws {ProbeFailure} for a name of more than 255 bytes, which no host has
 */
export function clientHello({ servername, forKeyType, random }: ClientHelloOptions): Buffer {
  const suites = cipherSuites.filter((suite) => forKeyType === undefined || suite.keyType === forKeyType);
  const beforeExtensions = Buffer.concat([
    uint16(0x0303),
    random,
    vector8(Buffer.alloc(0)), // No session to resume.
    vector16(uint16(...suites.map((suite) => suite.code), renegotiationInfoScsv)),
    vector8(Buffer.from([0])), // No compression.
  ]);
  const extensions = extensionsFor(servername, forKeyType);
  const handshakeHeaderLength = 4;
  const length = handshakeHeaderLength + beforeExtensions.length + vector16(extensions).length;
  const body = Buffer.concat([beforeExtensions, vector16(Buffer.concat([extensions, padding(length)]))]);
  const handshake = Buffer.concat([Buffer.from([1, 0]), vector16(body)]);
  return Buffer.concat([Buffer.from([22, 3, 1]), vector16(handshake)]);
}

function extensionsFor(servername: string | undefined, forKeyType: 'rsa' | 'ec' | undefined): Buffer {
  const algorithms = signatureAlgorithms.filter(([, keyType]) => forKeyType === undefined || keyType === forKeyType);
  return Buffer.concat([
    serverNameExtension(servername),
    // An empty extension must not be the last one: old WebSphere servers refuse that.
    extension(extensionTypes.extendedMasterSecret, Buffer.alloc(0)),
    extension(extensionTypes.supportedGroups, vector16(uint16(...supportedGroups))),
    extension(extensionTypes.pointFormats, vector8(Buffer.from([0]))),
    extension(extensionTypes.signatureAlgorithms, codesOf(algorithms)),
    // An EC key is often certified by an RSA one. What is left out above must not keep the server from such a chain.
    forKeyType === undefined
      ? Buffer.alloc(0)
      : extension(extensionTypes.signatureAlgorithmsCert, codesOf(signatureAlgorithms)),
  ]);
}

function codesOf(algorithms: typeof signatureAlgorithms): Buffer {
  return vector16(uint16(...algorithms.map(([code]) => code)));
}

function serverNameExtension(servername: string | undefined): Buffer {
  // RFC 6066, 3: without the dot at the end.
  const name = Buffer.from(servername?.replace(/\.$/, '') ?? '', 'utf8');
  if (servername === undefined || name.length === 0 || isIP(servername) !== 0) return Buffer.alloc(0);
  if (name.length > 255) {
    throw new ProbeFailure('handshake-failed', `cannot ask for a server name of ${name.length} bytes`, {
      hint: 'a host name has at most 253 characters',
    });
  }
  const hostNameType = 0;
  return extension(extensionTypes.serverName, vector16(Buffer.concat([Buffer.from([hostNameType]), vector16(name)])));
}

function padding(length: number): Buffer {
  if (length < 256 || length >= 512) return Buffer.alloc(0);
  const headerLength = 4;
  return extension(extensionTypes.padding, Buffer.alloc(Math.max(1, 512 - length - headerLength)));
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([uint16(type), vector16(data)]);
}

function vector8(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([content.length]), content]);
}

function vector16(content: Buffer): Buffer {
  return Buffer.concat([uint16(content.length), content]);
}

function uint16(...values: number[]): Buffer {
  return Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
}
