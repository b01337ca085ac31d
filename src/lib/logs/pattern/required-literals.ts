import { bytesOf, sizeOf } from './byte-set.ts';
import type { PatternNode } from './pattern.ts';

/** Texts of which every match has at least one in it. */
export interface RequiredLiterals {
  readonly literals: readonly Buffer[];
  /** A line with one of them is a match, without another look. */
  readonly complete: boolean;
}

const maximumLiterals = 4;
/**
 * By how much the shortest is longer than they are many: each costs a search of its own over the whole text, which is a
 * third of what a look at every byte costs, and more when its letters are everywhere.
 */
const leastLead = 1;
const longestLiteral = 64;

type Texts = readonly string[];

/** What is known of a part of a pattern; texts are latin1. */
interface Knowledge {
  /** All texts that it matches, where they are few. */
  exact?: Texts;
  /** Texts of which each of its matches has at least one. */
  required?: Texts;
  /** It has an assertion in it, so that the texts alone are no proof. */
  asserts: boolean;
}

/** The best texts to look for first; undefined when the pattern asks for none that are worth it. */
export function requiredLiterals(node: PatternNode): RequiredLiterals | undefined {
  const { exact, required, asserts } = learn(node);
  const best = better(exact, required);
  if (best === undefined || shortestOf(best) === 0) return undefined;
  if (best.length > 1 && shortestOf(best) < best.length + leastLead) return undefined;
  const literals = withoutLonger(best).map((text) => Buffer.from(text, 'latin1'));
  return { literals, complete: !asserts && exact === best };
}

function learn(node: PatternNode): Knowledge {
  switch (node.kind) {
    case 'bytes':
      return sizeOf(node.set) <= maximumLiterals
        ? { exact: bytesOf(node.set).map((byte) => String.fromCharCode(byte)), asserts: false }
        : { asserts: false };
    case 'assertion':
      return { exact: [''], asserts: true };
    case 'sequence':
      return learnSequence(node.parts.map(learn));
    case 'alternatives':
      return learnAlternatives(node.parts.map(learn));
    case 'repetition': {
      const part = learn(node.part);
      if (node.minimum === 0) return { asserts: part.asserts };
      if (node.maximum === 1) return part;
      // The first turn and the last one may join other texts; a turn between them is as good as any.
      const required = better(part.exact, part.required);
      const few = node.minimum === node.maximum && node.minimum <= longestLiteral;
      if (few) return learnSequence(Array.from({ length: node.minimum }, () => part));
      return required === undefined ? { asserts: part.asserts } : { required, asserts: part.asserts };
    }
  }
}

function learnSequence(parts: readonly Knowledge[]): Knowledge {
  let run: Texts = [''];
  let unbroken = true;
  let required: Texts | undefined;
  for (const part of parts) {
    const joined = part.exact === undefined ? undefined : join(run, part.exact);
    if (joined !== undefined) {
      run = joined;
      continue;
    }
    unbroken = false;
    required = better(better(required, run), part.required);
    run = part.exact ?? [''];
  }
  const asserts = parts.some((part) => part.asserts);
  if (unbroken) return { exact: run, asserts };
  required = better(required, run);
  return required === undefined ? { asserts } : { required, asserts };
}

/** All of `left` followed by all of `right`; undefined when they are too many or too long. */
function join(left: Texts, right: Texts): Texts | undefined {
  if (left.length * right.length > maximumLiterals) return undefined;
  const joined = left.flatMap((start) => right.map((end) => start + end));
  return joined.some((text) => text.length > longestLiteral) ? undefined : [...new Set(joined)];
}

function learnAlternatives(parts: readonly Knowledge[]): Knowledge {
  const asserts = parts.some((part) => part.asserts);
  const together = (texts: readonly (Texts | undefined)[]): Texts | undefined => {
    if (texts.includes(undefined)) return undefined;
    const all = [...new Set(texts.flatMap((some) => some ?? []))];
    return all.length <= maximumLiterals ? all : undefined;
  };
  const exact = together(parts.map((part) => part.exact));
  if (exact !== undefined) return { exact, asserts };
  const required = together(parts.map((part) => better(part.exact, part.required)));
  return required === undefined ? { asserts } : { required, asserts };
}

function better(one: Texts | undefined, other: Texts | undefined): Texts | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return worth(other) > worth(one) ? other : one;
}

/** Long is rare, and few are fast. */
function worth(texts: Texts): number {
  return Math.min(shortestOf(texts), 12) * 2 - texts.length;
}

function shortestOf(texts: Texts): number {
  return Math.min(...texts.map((text) => text.length));
}

/** Without those that have another in them. */
function withoutLonger(texts: Texts): Texts {
  return texts.filter((text) => !texts.some((other) => other !== text && text.includes(other)));
}
