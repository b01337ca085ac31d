/** Zones, types and keys of tags are the same few words in ten thousand rows: each is held once. */
export function createIntern(): (word: string) => string {
  const known = new Map<string, string>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    if (known.size < 1000 && word.length <= 128) known.set(word, word);
    return word;
  };
}
