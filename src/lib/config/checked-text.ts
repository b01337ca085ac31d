import type { RefinementCtx } from 'zod';
import { type TextMistake, textMistake } from './text-mistake.ts';

const longestText = 4096;

/** A text that `read` takes; what it refuses is said in its own words. */
export function checkedText(z: typeof import('zod'), read: (text: string) => unknown) {
  return z
    .string()
    .min(1)
    .max(longestText)
    .superRefine((text, issues) => {
      // Of the others the length has been told.
      if (text === '' || text.length > longestText) return;
      reportMistake(
        issues,
        textMistake(() => read(text)),
      );
    });
}

/** Hands a mistake on in our own words, at `path` below what is checked. */
export function reportMistake(
  issues: RefinementCtx,
  mistake: TextMistake | undefined,
  path: readonly PropertyKey[] = [],
): void {
  if (mistake !== undefined) issues.addIssue({ code: 'custom', params: { mistake }, path: [...path] });
}
