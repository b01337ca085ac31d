/** The same text in memory of its own: a slice would keep the whole chunk of the log. Half a surrogate pair is mended. */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le').toWellFormed();
}
