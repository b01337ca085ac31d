import { readDer } from './der-store.ts';
import { isJks, readJks } from './jks.ts';
import { readPem } from './pem-store.ts';
import type { StoreContents } from './store-contents.ts';
import type { StoredCertificates } from './stored-certificates.ts';

/**
 * The certificates of a file, which may be PEM, DER, PKCS#12, PKCS#7, JKS or JCEKS: its bytes tell, never its name.
 * Whatever the bytes are, the answer is a record; keys in it are not looked at, and no message shows anything of them.
 *
 * `passwords` are tried in order where one is needed. An empty list means no password, the empty one and `changeit`.
 * The signal ends slow work, which only the passwords of PKCS#12 are: the promise rejects with its reason.
 */
export async function readStore(
  bytes: Buffer,
  subject: string,
  passwords: readonly string[],
  signal?: AbortSignal,
): Promise<StoredCertificates> {
  return { subject, ...(await readContents(bytes, passwords, signal)) };
}

async function readContents(
  bytes: Buffer,
  passwords: readonly string[],
  signal: AbortSignal | undefined,
): Promise<StoreContents> {
  if (bytes.length === 0) return unknown('is empty');
  if (isJks(bytes)) return readJks(bytes);
  // First, because one of the texts in a binary store may look like PEM.
  const der = await readDer(bytes, passwords, signal);
  if (der !== undefined && der.format !== undefined) return der;
  return readPem(textOf(bytes)) ?? der ?? unknown('is neither PEM, DER, PKCS#12 nor JKS');
}

/** As latin1, which takes any bytes; only UTF-16, which PowerShell writes, would hide its letters from that. */
function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  return bytes.toString('latin1');
}

function unknown(message: string): StoreContents {
  return { format: undefined, certificates: [], problem: { code: 'malformed', message } };
}
