import { stripVTControlCharacters } from 'node:util';
import { median } from './median.ts';
import type { Goal, Measured } from './rounds.ts';

export interface BenchReport {
  name: string;
  /** One sentence: what is compared. */
  summary: string;
  /** The line that repeats it. */
  command: string;
  /** ISO date. */
  date: string;
  runs: number;
  machine: string;
  /** What the commands worked on, so that somebody else can make it again. */
  recipe: string;
  /** The first one is the baseline. */
  measured: readonly Measured[];
}

const header = ['command', 'CPU', 'min..max', 'wall', 'min..max', 'peak RSS', 'goal (CPU)'];

/** The report for a terminal. */
export function textReport(report: BenchReport): string {
  return [
    ...introduction(report),
    '',
    ...aligned([header, ...rowsOf(report)]),
    '',
    'versions:',
    ...indented(versions(report)),
    ...failures(report).flatMap(({ name, lines }) => [`stderr of ${name}:`, ...indented(lines)]),
    '',
  ].join('\n');
}

/** The report as a section of docs/benchmarks.md. */
export function markdownReport(report: BenchReport): string {
  const [title, ...facts] = introduction(report);
  const rows = rowsOf(report).map((row) => header.map((_, column) => row[column] ?? ''));
  const ruler = header.map((_, column) => (column === 0 ? '---' : '--:'));
  return [
    `## ${title}`,
    '',
    ...bullets(facts),
    '',
    ...[header, ruler, ...rows].map(tableLine),
    '',
    'Versions:',
    '',
    ...bullets(versions(report)),
    '',
    ...failures(report).flatMap(({ name, lines }) => [`stderr of ${name}:`, '', '```', ...lines, '```', '']),
  ].join('\n');
}

function introduction(report: BenchReport): string[] {
  const base = report.measured[0];
  const absolute =
    base !== undefined && 'cpuSeconds' in base
      ? ` (there and then ${milliseconds(median(base.cpuSeconds))} CPU, ${milliseconds(median(base.wallSeconds))} wall)`
      : '';
  return [
    `${report.name}: ${report.summary}`,
    `${report.date}, \`${report.command}\``,
    `medians of ${report.runs} interleaved rounds after a warm-up round, as ratios to ${base?.row.name}${absolute}`,
    `CPU is user + system time with all children; ${peakNote(report)}`,
    `machine: ${report.machine}`,
    `data: ${report.recipe}`,
  ];
}

function peakNote({ measured }: BenchReport): string {
  const known = measured.some((row) => 'peakBytes' in row);
  return known ? 'peak RSS is that of the largest process' : 'peak RSS needs GNU time (apt-get install time)';
}

function rowsOf({ measured }: BenchReport): string[][] {
  return measured.map((one) => [one.row.name, ...figures(one, measured[0]!)]);
}

/** The cells after the name: one sentence when there are no figures. */
function figures(measured: Measured, base: Measured): string[] {
  if ('failed' in measured) return [`FAILED: ${measured.failed.reason}`];
  if (!('cpuSeconds' in measured)) return [`missing: ${measured.row.missing}`];
  if (!('cpuSeconds' in base)) return ['no baseline to compare with'];
  const peak = measured.peakBytes === undefined ? '-' : `${(measured.peakBytes / 2 ** 20).toFixed(1)} MiB`;
  const cpu = median(measured.cpuSeconds) / median(base.cpuSeconds);
  return [
    ...ratios(measured.cpuSeconds, base.cpuSeconds),
    ...ratios(measured.wallSeconds, base.wallSeconds),
    peak,
    verdict(measured.row.goal, cpu),
  ];
}

/** Median and spread of the runs, both over the baseline's median: so the baseline's own spread tells the noise. */
function ratios(own: readonly number[], base: readonly number[]): [string, string] {
  const ratio = (value: number) => (value / median(base)).toFixed(2);
  return [ratio(median(own)), `${ratio(Math.min(...own))}..${ratio(Math.max(...own))}`];
}

function verdict(goal: Goal | undefined, ratio: number): string {
  if (goal === undefined) return '-';
  if ('atMost' in goal) return `<= ${goal.atMost.toFixed(2)} ${ratio <= goal.atMost ? 'met' : 'MISSED'}`;
  return `>= ${goal.atLeast.toFixed(2)} ${ratio >= goal.atLeast ? 'met' : 'MISSED'}`;
}

function failures(report: BenchReport): { name: string; lines: string[] }[] {
  return report.measured.flatMap((measured) => {
    if (!('failed' in measured)) return [];
    const text = stripVTControlCharacters(measured.failed.stderr).trim() || 'nothing';
    return [{ name: measured.row.name, lines: text.split('\n').slice(0, 20) }];
  });
}

/** Columns of one width; the sentence of a row without figures does not widen them. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const isTable = (row: readonly string[]) => row.length === header.length;
  const widths = header.map((_, column) =>
    Math.max(...rows.filter((row) => column === 0 || isTable(row)).map((row) => row[column]!.length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function versions(report: BenchReport): string[] {
  return report.measured.flatMap(({ row }) => ('version' in row ? [`${row.name}: ${row.version}`] : []));
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`.trimEnd());
}

function tableLine(row: readonly string[]): string {
  return `| ${row.map(escapeCell).join(' | ')} |`;
}

function bullets(items: readonly string[]): string[] {
  return items.map((item) => `- ${item}`);
}

function escapeCell(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
