import type { Labels } from './declared-metric.ts';

/** What a condition is for one set of labels. `ok` is false and `fired` is true; the other two could not be told. */
export interface Instance {
  labels: Labels;
  /** The metric with the labels that tell it from its like: `disk.used_pct{mount="/"}`. */
  subject: string;
  state: InstanceState;
  /** What the first comparison compared. */
  metric: string;
  /** Absent when it could not be read. */
  value?: number;
  message: string;
}

export type InstanceState = 'ok' | 'fired' | 'unknown' | 'not yet known';

/**
 * Kleene's three-valued logic, where what cannot be told is kept in two kinds: false decides an `and`, true decides an
 * `or`, and only then what cannot be told does, a failure to read before a lack of history. First of the list wins.
 */
const deciding: Readonly<Record<'and' | 'or', readonly InstanceState[]>> = {
  and: ['ok', 'unknown', 'not yet known', 'fired'],
  or: ['fired', 'unknown', 'not yet known', 'ok'],
};

/** Two instances as one. Metric and value are of the first; the message is of those that decided. */
export function combine(kind: 'and' | 'or', first: Instance, second: Instance, labels: Labels): Instance {
  const state = deciding[kind].find((candidate) => candidate === first.state || candidate === second.state)!;
  const deciders = [first, second].filter((instance) => instance.state === state);
  return { ...first, labels, state, message: deciders.map(({ message }) => message).join('; ') };
}

/** The instance that decides an `or` over all of them; undefined for none. */
export function strongest(instances: readonly Instance[]): Instance | undefined {
  const rank = ({ state }: Instance): number => deciding.or.indexOf(state);
  return instances.length === 0 ? undefined : instances.reduce((best, next) => (rank(next) < rank(best) ? next : best));
}

/** A text that is equal for equal labels, in whatever order they stand. */
export function identityOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether two label sets can mean the same thing: the labels that both have are equal. */
export function agree(a: Labels, b: Labels): boolean {
  return Object.entries(a).every(([name, value]) => (valueOf(b, name) ?? value) === value);
}

export function valueOf(labels: Labels, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
