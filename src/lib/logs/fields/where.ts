/** A parsed condition of `--where`: a tree of plain data, and the compiled patterns. */
export type Where = Combination | Negation | Presence | Comparison | Membership | PatternMatch;

export interface Combination {
  kind: 'and' | 'or';
  /** At least two. */
  operands: Where[];
}

export interface Negation {
  kind: 'not';
  operand: Where;
}

/** `name?` or `has(name)`. */
export interface Presence {
  kind: 'has';
  name: string;
}

export interface Comparison {
  kind: 'comparison';
  name: string;
  operator: ComparisonOperator;
  value: Literal;
}

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** `name in (a, b)` or `name not in (a, b)`. */
export interface Membership {
  kind: 'in';
  name: string;
  isNegated: boolean;
  /** At least one. */
  values: Literal[];
}

/** `name =~ "pattern"` or `name !~ "pattern"`. */
export interface PatternMatch {
  kind: 'match';
  name: string;
  isNegated: boolean;
  pattern: string;
  matches: (text: string) => boolean;
}

/** The right side of a comparison. */
export type Literal =
  | { kind: 'text'; value: string }
  /** `written` is the number as it was typed; a size is in bytes, a duration in seconds. */
  | { kind: 'number' | 'size' | 'duration'; value: number; written: string }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' };

/** A matcher for a pattern; throws a SyntaxError or a UserError that says what is wrong with it. */
export type CompilePattern = (pattern: string) => (text: string) => boolean;
