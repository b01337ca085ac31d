import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UserError } from '../errors/user-error.ts';
import { systemFailure } from '../files/system-failure.ts';

/** A certificate to present to servers that ask for one. */
export interface ClientCertificate {
  certificate: string;
  key: string;
  passphrase?: string;
}

/** Reads and tries both files, which may be one. Throws UserError for whatever would make each handshake fail. */
export function readClientCertificate(options: {
  certificateFile: string;
  keyFile: string | undefined;
  passphrase: string | undefined;
}): ClientCertificate {
  const { certificateFile, keyFile = certificateFile, passphrase } = options;
  const certificate = readNamed(certificateFile, '--cert');
  const key = keyFile === certificateFile ? certificate : readNamed(keyFile, '--key');
  const parsed = attempt(() => new X509Certificate(certificate));
  if (parsed === undefined) {
    throw new UserError(`--cert: '${certificateFile}' holds no certificate in PEM`, {
      hints: [
        'name a PEM file; openssl pkcs12 -in FILE -nodes makes one of PKCS#12, openssl x509 -inform DER one of DER',
      ],
    });
  }
  const isEncrypted = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(key);
  if (isEncrypted && passphrase === undefined) {
    throw new UserError(`the key in '${keyFile}' is encrypted`, {
      code: 'usage',
      hints: ['--password-file FILE names a file with its passphrase'],
    });
  }
  const privateKey = attempt(() => createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) }));
  if (privateKey === undefined) {
    const reason = isEncrypted ? 'the passphrase does not open it' : 'it holds no private key in PEM';
    const where =
      keyFile === certificateFile
        ? 'name the PEM file of the key with --key'
        : '--key takes the PEM file of the private key';
    throw new UserError(`cannot use the key in '${keyFile}': ${reason}`, {
      hints: [isEncrypted ? 'see what the file of --password-file holds' : where],
    });
  }
  if (!parsed.checkPrivateKey(privateKey)) {
    throw new UserError(`the key in '${keyFile}' does not belong to the certificate in '${certificateFile}'`, {
      hints: ['name the pair that was made together: --cert FILE --key FILE'],
    });
  }
  return { certificate, key, ...(passphrase === undefined ? {} : { passphrase }) };
}

function readNamed(path: string, option: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    throw systemFailure(`${option}: cannot read '${path}'`, error);
  }
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
