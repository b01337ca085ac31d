import { decodeUtf8 } from '../../config/read-text.ts';
import { UserError } from '../../errors/user-error.ts';
import type { StoredCertificates } from '../store/stored-certificates.ts';
import { contentKind, decodeUtf16, isUtf16 } from './content-kind.ts';
import { parseTargetLines } from './parse-target-lines.ts';
import type { TargetOptions } from './parse-target.ts';
import type { Target } from './target.ts';

/** What `-f FILE` or a pipe brings: things to look at, or the certificates themselves. */
export type TargetList = { kind: 'targets'; targets: Target[] } | { kind: 'stored'; stored: StoredCertificates[] };

export interface TargetListOptions extends TargetOptions {
  /** To try on PKCS#12 and JKS. */
  passwords: readonly string[];
  /** Ends what is slow: the passwords of PKCS#12, and Secrets by the thousand. */
  signal: AbortSignal;
}

/**
 * Reads a list of targets, certificates (PEM, DER, PKCS#12, JKS) or what `kubectl get secret -o json` prints, told apart
 * by content. `source` is how messages call it, a path or `standard input`. Throws UserError for a list that cannot be
 * read as a whole; certificates that cannot be read are records with a problem.
 */
export async function readTargetList(bytes: Buffer, source: string, options: TargetListOptions): Promise<TargetList> {
  switch (contentKind(bytes)) {
    case 'certificates': {
      const { readStore } = await import('../store/read-store.ts');
      return { kind: 'stored', stored: [await readStore(bytes, source, options.passwords, options.signal)] };
    }
    case 'kubernetes':
      return { kind: 'stored', stored: await secretsOf(decode(bytes, source), source, options) };
    case 'lines': {
      const text = decode(bytes, source);
      if (/^(?:---\s+)?apiVersion:\s/.test(text)) throw yamlOfKubectl(source);
      return { kind: 'targets', targets: parseTargetLines(text, source, options) };
    }
  }
}

async function secretsOf(
  text: string,
  source: string,
  { passwords, signal }: TargetListOptions,
): Promise<StoredCertificates[]> {
  const { readSecrets } = await import('../store/kubernetes-secrets.ts');
  const stored: StoredCertificates[] = [];
  for await (const entry of readSecrets(text, passwords, signal)) stored.push(entry);
  if (stored.length === 0) {
    throw new UserError(`no certificate in the Secrets of ${source}`, {
      code: 'usage',
      hints: ['look into all namespaces: kubectl get secret -A -o json'],
    });
  }
  return stored;
}

function decode(bytes: Buffer, source: string): string {
  return isUtf16(bytes) ? decodeUtf16(bytes) : decodeUtf8(bytes, source);
}

function yamlOfKubectl(source: string): UserError {
  return new UserError(`${source} is YAML of Kubernetes, expected JSON`, {
    code: 'usage',
    hints: ['ask for JSON: kubectl get secret -A -o json'],
  });
}
