import type { Filter } from '../question.ts';

/** EC2 takes at most 200 values of one filter: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
export const mostFilterValues = 200;

/** At most so many questions of one kind at once, in one region. */
export const questionsAtOnce = 4;

/** A list in pieces of at most `size`. */
export function inPieces<Value>(values: readonly Value[], size: number): Value[][] {
  const pieces: Value[][] = [];
  for (let from = 0; from < values.length; from += size) pieces.push(values.slice(from, from + size));
  return pieces;
}

/**
 * The same question as several that EC2 takes: the values of a filter are joined by or, so each may be asked in pieces;
 * filters are joined by and, so every piece of one goes with every piece of another. A filter without values, which
 * nothing can match, makes no question at all.
 */
export function splitFilters(filters: readonly Filter[]): Filter[][] {
  return filters.reduce<Filter[][]>(
    (questions, { name, values }) =>
      inPieces([...new Set(values)], mostFilterValues).flatMap((piece) =>
        questions.map((question) => [...question, { name, values: piece }]),
      ),
    [[]],
  );
}
