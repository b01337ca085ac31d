/** Whether a word means more than itself. */
export function isGlob(word: string): boolean {
  return /[*?]/.test(word);
}

/**
 * Whether a name fits a glob: `*` any characters, `?` one, letters of either case unless it is `caseSensitive`. Written
 * by hand because a pattern here names a host, not a path, and is matched without backtracking: time is at most pattern
 * times name.
 */
export function matchesGlob(glob: string, name: string, { caseSensitive = false } = {}): boolean {
  const pattern = Array.from(caseSensitive ? glob : glob.toLowerCase());
  const text = Array.from(caseSensitive ? name : name.toLowerCase());
  let atPattern = 0;
  let atText = 0;
  let star = -1;
  let resume = 0;
  while (atText < text.length) {
    if (
      atPattern < pattern.length &&
      (pattern[atPattern] === '?' || pattern[atPattern] === text[atText]) &&
      pattern[atPattern] !== '*'
    ) {
      atPattern++;
      atText++;
    } else if (pattern[atPattern] === '*') {
      star = atPattern++;
      resume = atText;
    } else if (star !== -1) {
      atPattern = star + 1;
      atText = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[atPattern] === '*') atPattern++;
  return atPattern === pattern.length;
}
