/** One measured value, for Prometheus and for Nagios performance data. */
export interface Metric {
  /** Prometheus metric name, base units in the name (`_bytes`, `_seconds`, `_total`). */
  name: string;
  help: string;
  type: 'gauge' | 'counter';
  labels?: Readonly<Record<string, string>>;
  value: number;
  /** How Nagios shows this value; without it the metric is not part of the performance data. */
  performance?: PerformanceData;
}

/** `'label'=value[unit];[warn];[crit];[min];[max]` of the monitoring plugins guideline. */
export interface PerformanceData {
  label: string;
  value: number;
  unit?: 's' | '%' | 'B' | 'c';
  /** Range in the guideline's words, such as `90` or `10:`. */
  warning?: string;
  critical?: string;
  minimum?: number;
  maximum?: number;
}
