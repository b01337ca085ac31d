import { describeMachine } from '../machine.ts';
import type { BenchRequest } from '../harness.ts';

/** What one part of the bench found. */
export interface Section {
  title: string;
  /** What it worked on, one sentence each. */
  facts: readonly string[];
  header: readonly string[];
  rows: readonly (readonly string[])[];
  /** Lines below the table. */
  notes: readonly string[];
  /** Whether something did not work; a missed bar is no such thing. */
  failed: boolean;
}

export interface Introduction {
  request: BenchRequest;
  machine: ReturnType<typeof describeMachine>;
  facts: readonly string[];
}

/** The sections for a terminal. */
export function textSections({ request, machine, facts }: Introduction, sections: readonly Section[]): string {
  const lines = [
    `${request.name}: ${request.summary}`,
    ...introduction(request, machine, facts),
    ...sections.flatMap(({ title, facts: own, header, rows, notes }) => [
      '',
      title,
      ...own.map(indented),
      '',
      ...aligned([header, ...rows]).map(indented),
      ...(notes.length === 0 ? [] : ['', ...notes.map(indented)]),
    ]),
    '',
  ];
  return lines.join('\n');
}

/** The same as a section of docs/benchmarks.md. */
export function markdownSections({ request, machine, facts }: Introduction, sections: readonly Section[]): string {
  const lines = [
    `## ${request.name}: ${request.summary}`,
    '',
    ...introduction(request, machine, facts).map(bullet),
    ...sections.flatMap(({ title, facts: own, header, rows, notes }) => [
      '',
      `### ${title}`,
      '',
      ...(own.length === 0 ? [] : [...own.map(bullet), '']),
      tableLine(header),
      tableLine(header.map((_, column) => (column === 0 ? '---' : '--:'))),
      ...rows.map((row) => tableLine(header.map((_, column) => row[column] ?? ''))),
      ...(notes.length === 0 ? [] : ['', ...notes.map(bullet)]),
    ]),
    '',
  ];
  return lines.join('\n');
}

function introduction(request: BenchRequest, machine: string, facts: readonly string[]): string[] {
  return [`${new Date().toISOString().slice(0, 10)}, \`${request.command}\``, `machine: ${machine}`, ...facts];
}

/** Columns of one width; a row that says in one sentence why it has no figures does not widen them. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const header = rows[0]!;
  const widths = header.map((_, column) =>
    Math.max(...rows.filter((row) => column === 0 || row.length === header.length).map((row) => row[column]!.length)),
  );
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!);
  return rows.map((row) =>
    (row.length === header.length ? row.map(pad) : [row[0]!.padEnd(widths[0]!), ...row.slice(1)]).join('  ').trimEnd(),
  );
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function bullet(line: string): string {
  return `- ${line}`;
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
}

/** `0.93` of a value, `-` of none. */
export function figure(value: number | undefined, digits = 2): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits);
}

export function mebibytes(bytes: number | undefined): string {
  return bytes === undefined || Number.isNaN(bytes) ? '-' : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

/** `<= 1.10: 1.02 met` */
export function bar(limit: string, value: number, met: boolean, digits = 2): string {
  return `${limit}: ${value.toFixed(digits)} ${met ? 'met' : 'MISSED'}`;
}
