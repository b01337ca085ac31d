import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireProgram } from '../../../support/services.ts';

export const openssl = requireProgram('openssl', 'the certificate parser is not compared with OpenSSL');

/** A folder for keys and settings that is gone when the work is done. */
export function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function run(args: readonly string[], input?: Buffer): Buffer {
  return execFileSync(openssl!, args, { input: input ?? '', stdio: ['pipe', 'pipe', 'pipe'] });
}

export interface SelfSigned {
  /** Arguments that say which key to make, such as `-newkey`, `ed25519`. */
  key: readonly string[];
  subject?: string;
  /** Further arguments of `openssl req`. */
  args?: readonly string[];
  /** Lines of a section of extensions. */
  extensions?: readonly string[];
}

/** A self-signed certificate in DER form, its key made and thrown away. */
export function selfSigned({ key, subject = '/CN=example.com', args = [], extensions = [] }: SelfSigned): Buffer {
  return inFolder((folder) => {
    const settings = join(folder, 'settings');
    writeFileSync(settings, ['[req]', 'distinguished_name = name', '[name]', '[with]', ...extensions, ''].join('\n'));
    const request = ['req', '-x509', '-nodes', '-utf8', '-config', settings, '-keyout', join(folder, 'key')];
    const extend = extensions.length === 0 ? [] : ['-extensions', 'with'];
    return run([...request, '-outform', 'DER', ...key, '-subj', subject, '-days', '30', ...extend, ...args]);
  });
}

export interface Shown {
  subject: string;
  issuer: string;
  serial: string;
  notBefore: number;
  notAfter: number;
}

/** What `openssl x509` says about a certificate; times are NaN where it cannot read them. */
export function shown(der: Buffer): Shown {
  const format = ['-noout', '-dates', '-serial', '-subject', '-issuer', '-nameopt', 'RFC2253,-esc_msb'];
  const lines = run(['x509', '-inform', 'DER', ...format], der)
    .toString()
    .split('\n');
  const value = (name: string) => lines.find((line) => line.startsWith(`${name}=`))!.slice(name.length + 1);
  return {
    subject: value('subject'),
    issuer: value('issuer'),
    serial: value('serial'),
    notBefore: Date.parse(value('notBefore')) / 1000,
    notAfter: Date.parse(value('notAfter')) / 1000,
  };
}

/** `openssl x509 -text`. */
export function text(der: Buffer): string {
  return run(['x509', '-inform', 'DER', '-noout', '-text', '-nameopt', 'RFC2253'], der).toString();
}
