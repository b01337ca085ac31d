import { wildcard } from './mask-line.ts';

/** Lines that say the same. */
export interface TemplateGroup {
  /** The words of the template; replaced by the wildcard where the lines differ. */
  readonly tokens: string[];
  /** The first line of them. */
  readonly sample: string;
  count: number;
  /** The numbers of the first and the last line of them, counted from 1. */
  readonly firstLine: number;
  lastLine: number;
  /** It has fallen out, and whoever still knows it must forget it. */
  gone: boolean;
}

/**
 * The group that a line belongs to: the one that has the most of the line's words at the same places, when that is at
 * least the share `similarity` of them. Masked words say nothing, so they neither count for it nor against it.
 */
export function mostSimilar(
  groups: readonly TemplateGroup[],
  tokens: readonly string[],
  similarity: number,
): TemplateGroup | undefined {
  let words = 0;
  for (const token of tokens) if (!token.includes(wildcard)) words++;
  // Without a single word all that is left is the form of the line.
  if (words === 0) return groups.find((group) => group.tokens.every((token) => token.includes(wildcard)));
  let best: TemplateGroup | undefined;
  let least = Math.max(1, Math.ceil(similarity * words));
  for (const group of groups) {
    const equal = equalWords(group.tokens, tokens, least);
    if (equal < least) continue;
    best = group;
    least = equal + 1;
  }
  return best;
}

/** How many words are equal; it stops as soon as there cannot be `least` any more. */
function equalWords(template: readonly string[], tokens: readonly string[], least: number): number {
  let equal = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token === template[index] && !token.includes(wildcard)) equal++;
    else if (equal + tokens.length - index - 1 < least) return 0;
  }
  return equal;
}

/** Makes a wildcard of each word in which the line differs from the group's template. */
export function generalize(group: TemplateGroup, tokens: readonly string[]): void {
  for (let index = 0; index < tokens.length; index++) {
    if (group.tokens[index] !== tokens[index]) group.tokens[index] = wildcard;
  }
}
