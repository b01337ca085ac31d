/** Reads documents while they come in, one after another. Throws an XmlMistake for what is none. */
export interface DocumentScanner {
  /** Forgets the document before, read to its end or not. */
  begin(): void;
  write(chunk: Buffer): void;
  /** Throws unless the end of the root element was seen. */
  end(): void;
}
