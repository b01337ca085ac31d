const surrogate = /[\ud800-\udfff]/;

/** Sorts names by their bytes in UTF-8, as `LC_ALL=C sort` does, whatever the locale. */
export function sortByBytes(names: readonly string[]): string[] {
  // Without characters beyond the first 65,536 the order of UTF-16 is the same, and ten times as fast.
  if (!names.some((name) => surrogate.test(name))) return names.toSorted();
  return names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}
