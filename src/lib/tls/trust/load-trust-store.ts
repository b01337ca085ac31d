import { readFileSync } from 'node:fs';
import { UserError } from '../../errors/user-error.ts';
import { systemFailure } from '../../files/system-failure.ts';
import { pemBlocks } from '../store/pem.ts';
import { createTrustStore, type TrustStore } from './trust-store.ts';

/** Where the distributions keep the roots that every program of the system trusts. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Alpine, Arch
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, Red Hat
  '/etc/ssl/ca-bundle.pem', // SUSE
  '/etc/ssl/cert.pem', // BSD, macOS
] as const;

/**
 * What curl and openssl trust on this machine: the file of SSL_CERT_FILE, else the system's bundle; Mozilla's list as
 * it comes with Node only where there is neither. `file`, and NODE_EXTRA_CA_CERTS for those used to it, are trusted as
 * well. Throws UserError for a file that was named and cannot be used.
 */
export async function loadTrustStore(options: {
  env: Readonly<Record<string, string | undefined>>;
  file?: string | undefined;
}): Promise<TrustStore> {
  const { env, file } = options;
  const parts = [await systemRoots(env['SSL_CERT_FILE'] || undefined)];
  for (const [path, name] of [
    [file, '--ca'],
    [env['NODE_EXTRA_CA_CERTS'] || undefined, 'NODE_EXTRA_CA_CERTS'],
  ] as const) {
    if (path !== undefined) parts.push(await namedRoots(path, name));
  }
  return createTrustStore(parts.flat());
}

async function systemRoots(named: string | undefined): Promise<readonly Buffer[]> {
  if (named !== undefined) return namedRoots(named, 'SSL_CERT_FILE');
  for (const path of systemBundles) {
    const roots = rootsIn(contentOf(path));
    if (roots.length > 0) return roots;
  }
  const { rootCertificates } = await import('node:tls');
  return rootsIn(rootCertificates.join('\n'));
}

/** The blocks of a bundle, which nobody but the system has made: what is broken there is not ours to complain of. */
function rootsIn(pem: string): Buffer[] {
  const roots: Buffer[] = [];
  for (const { label, der } of pemBlocks(pem)) if (label === 'CERTIFICATE' && der !== undefined) roots.push(der);
  return roots;
}

async function namedRoots(path: string, name: string): Promise<readonly Buffer[]> {
  const { readStore } = await import('../store/read-store.ts');
  const { certificates, problem } = await readStore(readNamed(path, name), path, []);
  if (problem === undefined) return certificates.map(({ der }) => der);
  throw new UserError(`${name}: cannot trust '${path}': it ${problem.message}`, {
    hints: ['name a PEM file of root certificates'],
  });
}

function readNamed(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw systemFailure(`${name}: cannot read '${path}'`, error);
  }
}

/** '' when it is not there. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
