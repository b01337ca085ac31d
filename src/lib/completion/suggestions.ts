import type { Shell } from './completion-script.ts';

export interface Candidate {
  /** The whole word. */
  value: string;
  description: string;
}

/** What could stand at the cursor: one of these words, or a file whose name begins at this character of the word. */
export type Suggestions = { candidates: readonly Candidate[] } | { fileFrom: number };

export const nothing: Suggestions = { candidates: [] };

/**
 * What the scripts read: one candidate a line in the form of their shell, or the one line `:files N`, which no candidate
 * can be, as a colon begins none.
 */
export function suggestionLines(suggestions: Suggestions, shell: Shell, isQuoted: boolean): string {
  if ('fileFrom' in suggestions) return `:files ${suggestions.fileFrom}\n`;
  return suggestions.candidates
    .filter(({ value }) => !/^:|\p{Cc}/u.test(value))
    .map((candidate) => `${inShellForm(candidate, shell, isQuoted)}\n`)
    .join('');
}

function inShellForm({ value, description }: Candidate, shell: Shell, isQuoted: boolean): string {
  const text = description.replaceAll(/\p{Cc}+/gu, ' ');
  if (shell === 'fish') return text === '' ? value : `${value}\t${text}`;
  if (shell === 'zsh') {
    const escaped = value.replaceAll(/[\\:]/g, String.raw`\$&`);
    return text === '' ? escaped : `${escaped}:${text}`;
  }
  // bash puts a candidate on the line as it is: a space in it would make it two words.
  return isQuoted ? value : value.replaceAll(/[^\w\-=.,/:@%+]/gu, String.raw`\$&`);
}
