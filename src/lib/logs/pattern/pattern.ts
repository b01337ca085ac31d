import type { ByteSet } from './byte-set.ts';

/**
 * What holds at a place between two bytes of a line. A word byte is a letter, a digit or `_` of ASCII.
 *
 * - `start`, `end`: of the line
 * - `edge`, `no-edge`: `\b` and `\B`
 * - `word-start`, `word-end`: `\<` and `\>`
 * - `after-no-word`, `before-no-word`: what -w asks for on both sides of a match
 */
export type Assertion =
  'start' | 'end' | 'edge' | 'no-edge' | 'word-start' | 'word-end' | 'after-no-word' | 'before-no-word';

/**
 * A search pattern as a tree over bytes. Flags, groups and characters beyond ASCII are resolved: what ignores case is a
 * set of both cases, a character beyond ASCII is the sequence of its UTF-8 bytes. No set is empty or has a line feed.
 */
export type PatternNode =
  | { readonly kind: 'bytes'; readonly set: ByteSet }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  /** Of no parts: matches the empty text. */
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  /** The first that leads to a match wins. */
  | { readonly kind: 'alternatives'; readonly parts: readonly PatternNode[] }
  /** No `maximum`: any number of times. Lazy: as few as lead to a match. */
  | {
      readonly kind: 'repetition';
      readonly part: PatternNode;
      readonly minimum: number;
      readonly maximum?: number;
      readonly lazy: boolean;
    };

export function sequenceOf(parts: readonly PatternNode[]): PatternNode {
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}

export function alternativesOf(parts: readonly PatternNode[]): PatternNode {
  return parts.length === 1 ? parts[0]! : { kind: 'alternatives', parts };
}
