/** What a value of a metric is counted in; decides which units a rule may write and how the value is printed. */
export type MetricUnit =
  'bytes' | 'bytes_per_second' | 'percent' | 'seconds' | 'celsius' | 'count' | 'per_second' | 'ratio' | 'boolean';

/** A metric that a rule can name. */
export interface DeclaredMetric {
  readonly name: string;
  readonly unit: MetricUnit;
  /** One line for the reference page. */
  readonly help: string;
  /** The labels that tell one instance from another, in the order in which they are printed. */
  readonly labels: readonly string[];
  /** More labels that a rule can select by; left out of messages. */
  readonly furtherLabels?: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;
