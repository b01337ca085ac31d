import { holdsByte, lineFeed, wordBytes } from './byte-set.ts';
import type { ByteSet } from './byte-set.ts';
import type { Step } from './program.ts';

/** Bytes that no step of a program tells apart, in classes; the line feed is one for itself. */
export interface ByteClasses {
  /** Class of each byte. */
  readonly classOf: Uint8Array;
  /** One byte of each class. */
  readonly representatives: readonly number[];
}

/** The classes of a program; also of its reverse, which has the same sets. */
export function byteClasses(steps: readonly Step[]): ByteClasses {
  const sets = new Map<string, ByteSet>([['line feed', [[lineFeed, lineFeed]]]]);
  for (const step of steps) {
    if (step.kind === 'bytes') sets.set(step.set.join(' '), step.set);
    else if (step.kind === 'assertion') sets.set('word', wordBytes);
  }
  let classOf = new Uint8Array(256);
  let representatives = [0];
  for (const set of sets.values()) {
    // Each class falls in two where the set has but a part of it.
    const parts = new Map<number, number>();
    const refined = new Uint8Array(256);
    const firsts: number[] = [];
    for (let byte = 0; byte < 256; byte++) {
      const key = classOf[byte]! * 2 + (holdsByte(set, byte) ? 1 : 0);
      const known = parts.get(key) ?? firsts.push(byte) - 1;
      parts.set(key, known);
      refined[byte] = known;
    }
    classOf = refined;
    representatives = firsts;
  }
  return { classOf, representatives };
}
