import { isCertificateName } from './certificate-names.ts';
import { kubernetesObjects } from './kubernetes-objects.ts';
import type { KubernetesObject } from './kubernetes-objects.ts';
import { readStore } from './read-store.ts';
import type { StoredCertificates, StoreProblem } from './stored-certificates.ts';

const tlsType = 'kubernetes.io/tls';
/** What a Secret of that type must have, and what many of them have besides. */
const tlsKey = 'tls.crt';
const authorityKey = 'ca.crt';

/**
 * The certificates of what `kubectl get secret -A -o json` prints, a record for each entry: of a TLS Secret its
 * `tls.crt`, which has to be there, and its `ca.crt`; of any other Secret or ConfigMap all entries that are named like
 * a file of certificates or have a certificate in PEM. Entries with keys only are passed over.
 *
 * `passwords` are for PKCS#12 entries, see `readStore`. Throws UserError when the text is nothing of Kubernetes, and
 * what the signal's reason is when it ends.
 */
export async function* readSecrets(
  text: string,
  passwords: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<StoredCertificates> {
  for (const object of kubernetesObjects(text)) {
    signal?.throwIfAborted();
    if (object.type === tlsType) yield* readTls(object, passwords, signal);
    else yield* readOther(object, passwords, signal);
  }
}

async function* readTls(
  object: KubernetesObject,
  passwords: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<StoredCertificates> {
  const entries = new Map(object.entries);
  const certificate = entries.get(tlsKey);
  if (!entries.has(tlsKey)) yield failed(object, tlsKey, missing('is missing'));
  else if (certificate === undefined) yield failed(object, tlsKey, notBase64);
  else if (certificate.length === 0) yield failed(object, tlsKey, missing('is empty'));
  else yield await readEntry(object, tlsKey, certificate, passwords, signal);

  const authority = entries.get(authorityKey);
  if (authority !== undefined && authority.length > 0) {
    yield await readEntry(object, authorityKey, authority, passwords, signal);
  } else if (authority === undefined && entries.has(authorityKey)) {
    yield failed(object, authorityKey, notBase64);
  }
}

async function* readOther(
  object: KubernetesObject,
  passwords: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<StoredCertificates> {
  for (const [key, value] of object.entries) {
    const isNamed = isCertificateName(key);
    if (value === undefined) {
      if (isNamed) yield failed(object, key, notBase64);
      continue;
    }
    // An empty one is how some programs make room for a certificate that others fill in.
    if (value.length === 0 || !(isNamed || hasCertificate(value))) continue;
    const stored = await readEntry(object, key, value, passwords, signal);
    if (stored.problem?.code !== 'no-certificate') yield stored;
  }
}

function hasCertificate(value: Buffer): boolean {
  return value.includes('-----BEGIN CERTIFICATE-----') || value.includes('-----BEGIN TRUSTED CERTIFICATE-----');
}

async function readEntry(
  object: KubernetesObject,
  key: string,
  value: Buffer,
  passwords: readonly string[],
  signal: AbortSignal | undefined,
): Promise<StoredCertificates> {
  const { subject, secret } = nameEntry(object, key);
  return { ...(await readStore(value, subject, passwords, signal)), secret };
}

function failed(object: KubernetesObject, key: string, problem: StoreProblem): StoredCertificates {
  return { ...nameEntry(object, key), format: undefined, certificates: [], problem };
}

function nameEntry(
  { namespace, name }: KubernetesObject,
  key: string,
): Required<Pick<StoredCertificates, 'subject' | 'secret'>> {
  return { subject: `${namespace}/${name} ${key}`, secret: { namespace, name, key } };
}

function missing(message: string): StoreProblem {
  const hint = 'see whether what issues it has failed: kubectl describe secret, or certificate with cert-manager';
  return { code: 'no-certificate', message, hint };
}

const notBase64: StoreProblem = {
  code: 'malformed',
  message: 'is not Base64',
  hint: 'every value in data of a Secret is Base64; what is not belongs into stringData',
};
