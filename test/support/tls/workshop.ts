import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateConfiguration } from './certificate-configuration.ts';
import { runOpenssl } from './run-openssl.ts';

/** Seconds, for the validity of certificates. */
export const hour = 3_600;
export const day = 24 * hour;

export type KeyType = 'P-256' | 'P-384' | 'P-224' | 'ed25519' | 'rsa:1024' | 'rsa:2048' | 'dsa:2048';

export interface CertificateOptions {
  /** Common name of the subject; '' is a certificate without a subject. */
  commonName?: string;
  /** Subject alternative names: names and addresses. None: the certificate has no such extension. */
  names?: readonly string[];
  /** Who signs it; undefined: its own key. */
  issuer?: Issued;
  /** Validity in seconds from the opening of the workshop, negative for what is over. */
  from?: number;
  until?: number;
  /** A new key of this type, or the key of another certificate. */
  key?: KeyType | Issued;
  digest?: 'sha256' | 'sha1';
  /** Extended key usage: `serverAuth`, `clientAuth`. Empty: the certificate has no such extension. */
  usage?: readonly string[];
  /** Values of further extensions, or other ones for those that it has: `keyUsage`, `nameConstraints`. */
  extensions?: Readonly<Record<string, string>>;
  /** Without any extension, as certificates of the nineties are. */
  version1?: boolean;
}

/** A certificate with its key. */
export interface Issued {
  /** Paths of the PEM files. */
  certificateFile: string;
  keyFile: string;
  /** The certificate itself as PEM text, which chains are joined from. */
  pem: string;
  /** First and last second of validity, Unix time. */
  notBefore: number;
  notAfter: number;
}

/** Makes certificates with the openssl program, each in a folder of its own so that many are made at once. */
export interface Workshop {
  readonly folder: string;
  /** Unix time from which the validities count. */
  readonly now: number;
  /** A certificate that may sign others; without `issuer` a root. Valid for ten years unless told otherwise. */
  authority(name: string, options?: CertificateOptions): Promise<Issued>;
  /** A server's certificate. Valid from an hour ago for 90 days unless told otherwise. */
  leaf(options: CertificateOptions): Promise<Issued>;
  /** A file with this content, such as a chain in any order: its path. */
  file(name: string, content: string | Buffer): string;
  /** Removes all that was made. */
  close(): void;
}

/** Opens a workshop in a new temporary folder; its name begins with `devops-<name>-`. */
export function openWorkshop(name: string): Workshop {
  const folder = mkdtempSync(join(tmpdir(), `devops-${name}-`));
  const now = Math.floor(Date.now() / 1000);
  let made = 0;

  const issue = async (options: CertificateOptions, isAuthority: boolean): Promise<Issued> => {
    const own = join(folder, String(++made));
    mkdirSync(own);
    const issued = { certificateFile: join(own, 'certificate.pem'), keyFile: join(own, 'key.pem') };
    const notBefore = now + (options.from ?? -hour);
    const notAfter = now + (options.until ?? (isAuthority ? 3_650 * day : 90 * day));
    const configuration = join(own, 'openssl.cnf');
    writeFileSync(configuration, certificateConfiguration(own, options, isAuthority));
    writeFileSync(join(own, 'index'), '');
    await makeRequest(own, configuration, issued.keyFile, options);
    const signer = options.issuer
      ? ['-cert', options.issuer.certificateFile, '-keyfile', options.issuer.keyFile]
      : ['-selfsign', '-keyfile', keyFileOf(options.key) ?? issued.keyFile];
    // Of all ways to sign only `ca` takes the exact seconds, in every release of OpenSSL.
    const validity = ['-startdate', openSslTime(notBefore), '-enddate', openSslTime(notAfter)];
    const extensions = options.version1 ? [] : ['-extensions', 'extensions'];
    const files = ['-in', join(own, 'request.pem'), '-out', issued.certificateFile];
    await runOpenssl([
      'ca',
      '-config',
      configuration,
      '-batch',
      '-notext',
      ...signer,
      ...validity,
      ...extensions,
      ...files,
    ]);
    const keyFile = keyFileOf(options.key) ?? issued.keyFile;
    return { ...issued, keyFile, pem: readFileSync(issued.certificateFile, 'utf8'), notBefore, notAfter };
  };

  return {
    folder,
    now,
    authority: (commonName, options = {}) => issue({ commonName, ...options }, true),
    leaf: (options) => issue({ usage: ['serverAuth'], ...options }, false),
    file(name_, content) {
      const path = join(folder, name_);
      writeFileSync(path, content);
      return path;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The PEM text of a chain, in the order given. */
export function chain(...certificates: readonly Issued[]): string {
  return certificates.map(({ pem }) => pem).join('');
}

async function makeRequest(own: string, configuration: string, keyFile: string, options: CertificateOptions) {
  const existing = keyFileOf(options.key);
  const key = existing === undefined ? ['-keyout', keyFile, ...(await newKey(own, options.key))] : ['-key', existing];
  const subject = options.commonName ? `/CN=${options.commonName.replaceAll('/', '\\/')}` : '/';
  const files = ['-out', join(own, 'request.pem'), '-config', configuration];
  await runOpenssl(['req', '-new', '-nodes', '-subj', subject, ...key, ...files]);
}

async function newKey(own: string, type: CertificateOptions['key'] = 'P-256'): Promise<readonly string[]> {
  if (typeof type !== 'string') return [];
  if (type === 'ed25519') return ['-newkey', 'ed25519'];
  if (type.startsWith('P-')) return ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${type}`];
  if (type.startsWith('rsa:')) return ['-newkey', type];
  const parameters = join(own, 'parameters.pem');
  await runOpenssl(['dsaparam', '-out', parameters, type.slice('dsa:'.length)]);
  return ['-newkey', `dsa:${parameters}`];
}

function keyFileOf(key: CertificateOptions['key']): string | undefined {
  return typeof key === 'object' ? key.keyFile : undefined;
}

/** `20260131235959Z`: the GeneralizedTime of RFC 5280, which can also tell of years after 2049. */
function openSslTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replaceAll(/[-:T]|\.000/g, '');
}
