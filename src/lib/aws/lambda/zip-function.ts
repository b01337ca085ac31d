/** Unix permissions of a plain file that everybody may read: Lambda unpacks as one user and runs as another. */
const readableFile = 0o100644;

/**
 * A zip archive of these files, by name. Equal files make an equal archive, on any machine and in any zone: whoever
 * deploys it again sees whether anything has changed.
 */
export async function zipFunction(files: Readonly<Record<string, Uint8Array | string>>): Promise<Uint8Array> {
  const { zipSync } = await import('fflate');
  const names = Object.keys(files).toSorted();
  const entries = names.map((name) => {
    const content = files[name]!;
    // An archive keeps the time of a wall clock: the beginning of its calendar, as it is written everywhere.
    const mtime = new Date(1980, 0, 1, 12);
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return [name, [bytes, { level: 9, mtime, os: 3, attrs: readableFile * 2 ** 16 }]] as const;
  });
  return zipSync(Object.fromEntries(entries) as never);
}
