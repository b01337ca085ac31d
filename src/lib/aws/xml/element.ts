/** What a scanner does with one element of a document. Elements that nobody described are passed over. */
export interface Element {
  readonly children: Readonly<Record<string, Element>>;
  /** Gets the element's own text, decoded, at its end; `''` for an empty element. */
  readonly text?: (value: string) => void;
  readonly enter?: () => void;
  readonly leave?: () => void;
  /** Asked when it begins: it is of no use this time, and may be passed over. It may as well be read. */
  readonly isUseless?: () => boolean;
  /** Most bytes between its first and its last, as it comes once for each row. Such elements are not nested. */
  readonly limit?: number;
}

/** An element that is known by the elements in it. Names are ASCII. */
export const element = (
  children: Readonly<Record<string, Element>>,
  hooks: Pick<Element, 'enter' | 'leave' | 'isUseless' | 'limit'> = {},
): Element => ({ children, ...hooks });

/** An element that is known by its text. */
export const text = (use: (value: string) => void): Element => ({ children: {}, text: use });
