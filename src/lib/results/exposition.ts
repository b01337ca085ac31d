import type { Metric } from './metric.ts';

/**
 * The text exposition format 0.0.4 of Prometheus, without timestamps: the samples of a family stand together under one
 * HELP and TYPE, and each series once, because a second sample of one series makes the whole scrape fail.
 */
export function expositionText(metrics: Iterable<Metric>): string {
  const families = new Map<string, { first: Metric; series: Map<string, number> }>();
  for (const metric of metrics) {
    const family = families.get(metric.name) ?? { first: metric, series: new Map<string, number>() };
    families.set(metric.name, family);
    const labels = labelText(metric.labels ?? {});
    if (!family.series.has(labels)) family.series.set(labels, metric.value);
  }
  let text = '';
  for (const [name, { first, series }] of families) {
    text += `# HELP ${name} ${escapeHelp(first.help)}\n# TYPE ${name} ${first.type}\n`;
    for (const [labels, value] of series) text += `${name}${labels} ${numberText(value)}\n`;
  }
  return text;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(value: string): string {
  return value.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
