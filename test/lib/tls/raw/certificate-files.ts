import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CertificateFiles {
  certificate: string;
  key: string;
  /** What must come back, byte for byte. */
  der: Buffer;
}

const algorithms = {
  rsa: ['rsa:2048'],
  ec: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  brainpool: ['ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1'],
  ed25519: ['ed25519'],
  dsa: ['param:dsa-parameters.pem'],
};

/** A self-signed certificate and its key, made by openssl in `folder`. */
export function makeCertificate(
  openssl: string,
  folder: string,
  algorithm: keyof typeof algorithms,
  extra: readonly string[] = [],
): CertificateFiles {
  const run = (...args: string[]) => execFileSync(openssl, args, { cwd: folder, stdio: 'ignore' });
  if (algorithm === 'dsa') {
    const bits = ['-pkeyopt', 'dsa_paramgen_bits:1024'];
    run('genpkey', '-genparam', '-algorithm', 'DSA', ...bits, '-out', 'dsa-parameters.pem');
  }
  const name = `${algorithm}${extra.length}`;
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
  const subject = ['-subj', `/CN=${name}.test`, '-days', '30'];
  run('req', '-x509', '-nodes', '-newkey', ...algorithms[algorithm], ...files, ...subject, ...extra);
  const certificate = join(folder, `${name}.pem`);
  return { certificate, key: join(folder, `${name}.key`), der: new X509Certificate(readFileSync(certificate)).raw };
}
