/** Endings of certificate files that no name of a host has. */
const certificateEnding = /\.(?:pem|crt|cer|der|p12|pfx|pkcs12|p7b|jks|jceks|keystore|truststore)$/i;
/** Endings that a name of a host could have, were it an odd one. */
const possibleEnding = /\.(?:cert|chain|bundle|ks)$/i;

/** Whether a word can mean nothing but a file of certificates. */
export function isSurelyCertificateName(word: string): boolean {
  return certificateEnding.test(word);
}

/** Whether a file or an entry of a Secret of this name is meant to hold certificates; what is in it tells its content. */
export function isCertificateName(name: string): boolean {
  return certificateEnding.test(name) || possibleEnding.test(name);
}
