import { isCertificateName, isSurelyCertificateName } from '../store/certificate-names.ts';

/** What may also be a private key, and is looked at all the same when it was named. */
const keyEnding = /\.key$/i;

/** As NAME_MAX of Linux, in bytes. */
const longestName = 255;

/** Whether a word without a slash means a file or a folder. `isFile` is asked for nothing that no file is called. */
export function isStoreName(word: string, isFile: (path: string) => boolean): boolean {
  if (isSurelyCertificateName(word)) return true;
  if (!(isCertificateName(word) || keyEnding.test(word)) || word.includes('\0')) return false;
  return Buffer.byteLength(word) <= longestName && isFile(word);
}

/** The path of `file:/path`, `file:///path` or `file://localhost/path` (RFC 8089); undefined when it is none of these. */
export function pathOfFileUrl(url: string): string | undefined {
  const encoded = /^file:(?:\/\/(?:localhost)?)?(\/(?!\/).*)$/is.exec(url)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
