import type { Element } from '../xml/element.ts';

/** One answer to one question, as far as it is of use. */
export interface Page<Row> {
  rows: readonly Row[];
  /** Where the next one begins; undefined on the last. */
  nextToken?: string;
}

/** What an answer of status 200 says instead of rows. */
export interface Refusal {
  code: string;
  message: string;
}

/**
 * The elements of an answer, and what they have been read as when all have been seen. Made once for many answers, one after
 * another: code that is made anew for each is compiled anew for each.
 */
export interface PageReader<Row> {
  document: Element;
  /** Forgets the answer before. */
  begin(): void;
  /** The refusal, if the answer is one. */
  refusal(): Refusal | undefined;
  page(): Page<Row>;
}
