import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { ClientCertificate } from '../client-certificate.ts';

/** How a hello is made up: as current clients do, the same with all groups, for one kind of key, or with the bars lowered. */
export type Hello = 'current' | 'all-groups' | 'rsa' | 'ec' | 'permissive';

export type SecureContexts = (hello: Hello) => SecureContext;

export interface SecureContextSettings {
  /** PEM of every root that is trusted; empty: nothing is verified. */
  roots: string;
  client?: ClientCertificate;
}

/**
 * One context of each kind for all connections: making one parses every root, which costs ten times a handshake.
 * Throws what OpenSSL says of a client certificate or key that it cannot use.
 */
export function createSecureContexts({ roots, client }: SecureContextSettings): SecureContexts {
  const made = new Map<Hello, SecureContext>();
  const shared: SecureContextOptions = {
    // An empty text would mean Node's own roots. Each by itself: of one text OpenSSL drops, without a word, all that
    // comes behind the first certificate that it cannot read.
    ca: roots === '' ? [] : roots.split(/^(?=-----BEGIN CERTIFICATE-----)/m),
    ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
    ...(client?.passphrase === undefined ? {} : { passphrase: client.passphrase }),
  };
  return (hello) => {
    let context = made.get(hello);
    if (context === undefined) {
      context = createSecureContext({ ...shared, ...hellos[hello] });
      made.set(hello, context);
    }
    return context;
  };
}

/**
 * Without a post-quantum key share the hello fits into one packet, which is what some servers and middleboxes wait for
 * in vain, and a handshake costs a tenth less.
 */
const classicGroups = 'X25519:P-256:P-384:P-521';

const hellos: Readonly<Record<Hello, SecureContextOptions>> = {
  current: { ecdhCurve: classicGroups },
  'all-groups': {},
  rsa: {
    ecdhCurve: classicGroups,
    sigalgs: 'RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512',
  },
  ec: { ecdhCurve: classicGroups, sigalgs: 'ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448' },
  permissive: {
    minVersion: 'TLSv1',
    // Level 0 of SSL_CTX_set_security_level(3): any key, any hash. Anonymous suites would bring no certificate.
    ciphers: 'ALL:!aNULL:!eNULL:@SECLEVEL=0',
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
  },
};
