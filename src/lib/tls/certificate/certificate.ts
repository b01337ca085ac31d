/** One X.509 certificate as the checks need it, read from its DER form (RFC 5280). */
export interface Certificate {
  /** The certificate itself, byte for byte. */
  der: Buffer;
  subject: DistinguishedName;
  issuer: DistinguishedName;
  /** Upper-case hexadecimal digits, as `openssl x509 -serial` prints it. */
  serial: string;
  /** First and last second of validity, Unix time. */
  notBefore: number;
  notAfter: number;
  /** Subject alternative names; undefined when the certificate has no such extension. */
  alternativeNames: AlternativeNames | undefined;
  key: PublicKey;
  /** Such as `ecdsa-with-SHA256` or `sha1WithRSAEncryption`; the dotted number of an algorithm that we do not know. */
  signatureAlgorithm: string;
  /** Basic constraints, cA. A certificate of version 1 has no extensions and counts as none. */
  isAuthority: boolean;
  /** Basic constraints, how many authorities may stand below this one; undefined is any number. */
  pathLength: number | undefined;
  /** What the key may be used for: `serverAuth`, `clientAuth`, ...; undefined when all is allowed. */
  extendedKeyUsage: readonly string[] | undefined;
  /** Lower-case hexadecimal digits. */
  subjectKeyId: string | undefined;
  authorityKeyId: string | undefined;
}

export interface DistinguishedName {
  /** As RFC 4514 writes it, `CN=example.com,O=Example`, safe to compare and not yet safe to print. */
  text: string;
  commonName: string | undefined;
  organization: string | undefined;
  /** The name's own DER as latin1 text: equal names of a chain are equal byte for byte. */
  key: string;
}

export interface AlternativeNames {
  /** As they stand in the certificate, `*.example.com` or `xn--bcher-kva.example`. */
  dns: readonly string[];
  /** In the notation of `net.isIP`: `192.0.2.1`, `2001:db8::1`. */
  ip: readonly string[];
  email: readonly string[];
  uri: readonly string[];
}

export interface PublicKey {
  /** `rsa`, `rsa-pss`, `dsa`, `ec`, `ed25519`, `ed448`, else the algorithm's dotted number. */
  algorithm: string;
  /** Length of the modulus, or of the curve's field; undefined where the algorithm has but one, or is not known. */
  bits: number | undefined;
  /** Such as `prime256v1`. */
  curve: string | undefined;
}

/** The bytes are no certificate, or one that breaks the rules of DER. */
export class MalformedCertificate extends Error {
  override readonly name = 'MalformedCertificate';
}
