import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A self-signed certificate for localhost in a test's own folder. */
export interface TemporaryCertificate {
  certificateFile: string;
  keyFile: string;
  certificate: string;
  key: string;
}

export async function makeTemporaryCertificate(openssl: string, folder: string): Promise<TemporaryCertificate> {
  const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await run(openssl, ['req', ...kind, ...subject, '-out', certificateFile, '-keyout', keyFile], { timeout: 10_000 });
  return {
    certificateFile,
    keyFile,
    certificate: readFileSync(certificateFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
  };
}
