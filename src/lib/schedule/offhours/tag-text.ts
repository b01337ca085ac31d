/** A tag value as it is meant, in lower case; `offsets` are those of its characters in the value as it was written. */
export interface TagText {
  text: string;
  /** One more than there are characters: the last is where it ends. */
  offsets: readonly number[];
}

/** Longest value of a tag in EC2. */
export const longestTagValue = 256;

/** What services without these characters in their tags get instead: `u`, and the code in hexadecimal. */
const escaped = new Map(
  Array.from('()[],;=/-', (character) => [`u${character.charCodeAt(0).toString(16)}`, character]),
);

/** Takes the escapes, and the quotes and spaces around a value, out of it. */
export function readTagText(value: string): TagText {
  const characters: string[] = [];
  const offsets: number[] = [];
  for (let offset = 0; offset < value.length;) {
    const character = escaped.get(value.slice(offset, offset + 3).toLowerCase());
    characters.push(character ?? value[offset]!.toLowerCase()[0]!);
    offsets.push(offset);
    offset += character === undefined ? 1 : 3;
  }
  const isAround = (character: string | undefined): boolean => character !== undefined && /[\s'"]/.test(character);
  let start = 0;
  let end = characters.length;
  while (start < end && isAround(characters[start])) start++;
  while (end > start && isAround(characters[end - 1])) end--;
  return { text: characters.slice(start, end).join(''), offsets: [...offsets, value.length].slice(start, end + 1) };
}
