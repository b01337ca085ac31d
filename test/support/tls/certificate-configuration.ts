import { isIP } from 'node:net';
import { join } from 'node:path';
import type { CertificateOptions } from './workshop.ts';

/** The configuration file with which `openssl req` and `openssl ca` make one certificate. */
export function certificateConfiguration(folder: string, options: CertificateOptions, isAuthority: boolean): string {
  const { names = [], usage = [] } = options;
  const extensions = {
    basicConstraints: `critical, CA:${isAuthority ? 'TRUE' : 'FALSE'}`,
    keyUsage: `critical, ${isAuthority ? 'keyCertSign, cRLSign' : 'digitalSignature, keyEncipherment'}`,
    subjectKeyIdentifier: 'hash',
    authorityKeyIdentifier: 'keyid',
    ...(usage.length > 0 && { extendedKeyUsage: usage.join(', ') }),
    ...options.extensions,
    ...(names.length > 0 && { subjectAltName: '@names' }),
  };
  return [
    // What the machine's own file says of providers and policies plays no part.
    '[req]',
    'distinguished_name = subject',
    'prompt = no',
    'string_mask = utf8only',
    'utf8 = yes',
    '[subject]',
    '[ca]',
    'default_ca = signing',
    '[signing]',
    `database = ${join(folder, 'index')}`,
    `new_certs_dir = ${folder}`,
    'rand_serial = yes',
    'unique_subject = no',
    'policy = anything',
    'preserve = yes',
    `default_md = ${options.digest ?? 'default'}`,
    '[anything]',
    'commonName = optional',
    '[extensions]',
    ...Object.entries(extensions).map(([name, value]) => `${name} = ${value}`),
    '[names]',
    ...names.map((name, index) => `${isIP(name) === 0 ? 'DNS' : 'IP'}.${index + 1} = ${name}`),
    '',
  ].join('\n');
}
