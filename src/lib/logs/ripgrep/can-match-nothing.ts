/** What `renderRust` writes: an assertion, a byte or a set of bytes, a count, a bracket, a bar. */
const token =
  /(?<assertion>\\b\{[a-z-]+\}|\\[bB]|\^|\$)|(?<open>\(\?:)|(?<close>\))|(?<bar>\|)|(?<optional>(?:[*?]|\{0(?:,\d*)?\})\??)|(?<repeated>(?:\+|\{\d+(?:,\d*)?\})\??)|(?:\\x[0-9A-F]{2}|\\.|\[[^\]]*\]|.)/gs;

interface Group {
  /** Whether one of the alternatives before the present one can match nothing. */
  isOptional: boolean;
  /** Whether the present alternative can, as far as it was read. */
  canBeEmpty: boolean;
  /** The same without its last part, which a `*` behind it would take back. */
  couldBeEmpty: boolean;
}

/**
 * Whether a pattern, in the form in which `CompiledPatterns.rust` has it, can match a text of no bytes anywhere. Where
 * only a place rules it out (`\bx*` between two blanks), or a longer match is always there first, the answer is yes,
 * too. Linear in the pattern.
 */
export function canMatchNothing(rust: string): boolean {
  const groups: Group[] = [];
  let group = newGroup();
  for (const { groups: found } of rust.matchAll(token)) {
    const { assertion, open, close, bar, optional, repeated } = found!;
    if (repeated !== undefined) continue;
    if (optional !== undefined) group.canBeEmpty = group.couldBeEmpty;
    else if (bar !== undefined) group = { ...newGroup(), isOptional: group.isOptional || group.canBeEmpty };
    else if (open !== undefined) {
      groups.push(group);
      group = newGroup();
    } else if (close !== undefined) {
      const inner = group.isOptional || group.canBeEmpty;
      group = groups.pop() ?? newGroup();
      add(group, inner);
    } else add(group, assertion !== undefined);
  }
  return group.isOptional || group.canBeEmpty;
}

function newGroup(): Group {
  return { isOptional: false, canBeEmpty: true, couldBeEmpty: true };
}

function add(group: Group, canBeEmpty: boolean): void {
  group.couldBeEmpty = group.canBeEmpty;
  group.canBeEmpty &&= canBeEmpty;
}
