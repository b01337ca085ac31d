import { nagiosOrder } from '../exit-code.ts';
import { isFailedItem } from '../failed-item.ts';
import type { PerformanceData } from '../lib/results/metric.ts';
import type { Status, Verdict } from '../lib/results/verdict.ts';
import { closingVerdicts, type RenderSetup, type Renderer } from './renderer.ts';

/** Nagios reads 8 KiB of a plugin's output and cuts the rest anywhere. */
const maximumBytes = 8000;
const summaryFindings = 3;

/**
 * One line `SUBJECT STATUS - summary | performance data`, then one line a finding, as the Monitoring Plugins
 * Development Guidelines write it.
 */
export function createRenderer(setup: RenderSetup): Renderer {
  const seen: Verdict[] = [];
  const performance: string[] = [];
  return {
    record(result, verdicts) {
      for (const verdict of verdicts) seen.push(verdict);
      if (setup.metricsOf === undefined || isFailedItem(result)) return '';
      for (const metric of setup.metricsOf(result)) {
        if (metric.performance !== undefined) performance.push(performanceLabel(metric.performance));
      }
      return '';
    },
    end(ending) {
      const verdicts = closingVerdicts(setup.name, seen, ending);
      const worst = worstStatus(verdicts);
      const found = verdicts.filter((verdict) => verdict.status !== 'ok');
      found.sort((a, b) => nagiosOrder.indexOf(a.status) - nagiosOrder.indexOf(b.status));
      const head = `${setup.name.toUpperCase()} ${worst.toUpperCase()} - ${summary(found, verdicts)}`;
      const perfdata = fit(performance, ' ', maximumBytes / 2);
      const first = perfdata === '' ? head : `${head} | ${perfdata}`;
      const lines = found.length > summaryFindings ? found.map((verdict) => line(verdict)) : [];
      const room = maximumBytes - Buffer.byteLength(first) - 1;
      const rest = fit(lines, '\n', room);
      return rest === '' ? `${first}\n` : `${first}\n${rest}\n`;
    },
  };
}

/** The line of a command that did not get as far as judging anything. */
export function nagiosUnknown(message: string): string {
  return `UNKNOWN - ${clean(message)}\n`;
}

function worstStatus(verdicts: readonly Verdict[]): Status {
  return nagiosOrder.find((status) => verdicts.some((verdict) => verdict.status === status)) ?? 'unknown';
}

function summary(found: readonly Verdict[], all: readonly Verdict[]): string {
  const words = ({ subject, message }: Verdict) => clean(`${subject}: ${message}`);
  if (found.length === 0) return all.length === 1 ? words(all[0]!) : `${all.length} checks ok`;
  const shown = found.slice(0, summaryFindings).map(words);
  const more = found.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function line(verdict: Verdict): string {
  return clean(`${verdict.status.toUpperCase()}: ${verdict.subject}: ${verdict.message}`);
}

/** A bar begins performance data, and a line feed the long text. Three such texts leave room for the performance data. */
function clean(text: string): string {
  return (
    text
      .slice(0, 400)
      .replaceAll('|', '/')
      // Control characters, and those that turn the direction of text.
      // eslint-disable-next-line no-control-regex -- control characters are what is taken out
      .replace(/[\u0000-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]+/g, ' ')
  );
}

function performanceLabel(data: PerformanceData): string {
  const label = clean(data.label).replaceAll('=', '_').replaceAll("'", "''");
  const limits = [data.minimum, data.maximum].map((number) => (Number.isFinite(number) ? plainNumber(number!) : ''));
  const numbers = [data.warning ?? '', data.critical ?? '', ...limits];
  const value = Number.isFinite(data.value) ? `${plainNumber(data.value)}${data.unit ?? ''}` : 'U';
  return `'${label}'=${value};${numbers.join(';')}`.replace(/;+$/, '');
}

/** The guideline's grammar has no exponents. */
function plainNumber(value: number): string {
  if (Math.abs(value) >= 1e21) return BigInt(value).toString();
  return value
    .toFixed(6)
    .replace(/\.?0+$/, '')
    .replace(/^-0$/, '0');
}

function fit(parts: readonly string[], separator: string, bytes: number): string {
  let used = 0;
  const kept: string[] = [];
  for (const part of parts) {
    used += Buffer.byteLength(part) + separator.length;
    if (used > bytes) break;
    kept.push(part);
  }
  return kept.join(separator);
}
