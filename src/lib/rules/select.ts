import type { Labels } from './declared-metric.ts';
import { valueOf } from './instance.ts';
import { compileRegularExpression } from './regular-expression.ts';
import type { Matcher } from './rule.ts';

interface Subject {
  labels: Labels;
  alternatives?: readonly Labels[];
}

/** Finds the labels under which the matchers select something; undefined when they do not. */
export type Select = (subject: Subject) => Labels | undefined;

/**
 * How the matchers of a rule select. `absent` says what a label that is not there means: for a sample it is the empty
 * text, as in Prometheus; of a thing that could not be read it may be anything, so it never excludes.
 */
export function compileSelect(matchers: readonly Matcher[], absent: 'empty' | 'anything'): Select {
  const tests = matchers.map((matcher) => ({ ...matcher, test: compileTest(matcher) }));
  const matches = (labels: Labels): boolean =>
    tests.every(({ label, test }) => {
      const value = valueOf(labels, label);
      return value === undefined && absent === 'anything' ? true : test(value ?? '');
    });
  return ({ labels, alternatives = [] }) => {
    if (matches(labels)) return labels;
    // {mount!="/"} leaves a filesystem out and must not find it again under its other mount point.
    const isNamed = (other: Labels): boolean =>
      tests.some(({ label, operator }) => operator.startsWith('=') && valueOf(other, label) !== valueOf(labels, label));
    return alternatives.find((other) => isNamed(other) && matches(other));
  };
}

function compileTest({ operator, value }: Matcher): (text: string) => boolean {
  if (operator === '=') return (text) => text === value;
  if (operator === '!=') return (text) => text !== value;
  const matches = compileRegularExpression(value);
  return operator === '=~' ? matches : (text) => !matches(text);
}
