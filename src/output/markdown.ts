import { nagiosOrder } from '../exit-code.ts';
import type { Status, Verdict } from '../lib/results/verdict.ts';
import { printable } from '../lib/text/printable.ts';
import { type Ending, failureVerdict, nothingWasJudged, type RenderSetup, type Renderer } from './renderer.ts';

/** GitHub drops a step summary of more than 1 MiB as a whole. */
export const maximumSummaryBytes = 1024 * 1024 - 1;
/** For the line that counts what is left out. */
const closingBytes = 200;
/** No single text may push out all others. */
const maximumCellLength = 1000;

/** GitHub-flavoured Markdown: what was judged as one table, the worst first. */
export function createRenderer(setup: RenderSetup): Renderer {
  const summary = createSummary(setup);
  return {
    record(_result, verdicts) {
      summary.add(verdicts);
      return '';
    },
    end: (ending) => summary.end(ending, maximumSummaryBytes),
  };
}

/** What was judged, kept until the end in bounded memory. */
export interface Summary {
  add(verdicts: readonly Verdict[]): undefined;
  /** The document, at most this many bytes long: what has no room is counted. '' where not even its head has. */
  end(ending: Ending, maximumBytes: number): string;
}

/** All verdicts with one status. */
interface Group {
  count: number;
  rows: BoundedList;
  details: BoundedList;
}

/** Texts up to the first one that has no room any more in any document. */
interface BoundedList {
  texts: string[];
  bytes: number;
}

export function createSummary({ name }: Pick<RenderSetup, 'name'>): Summary {
  const groups = new Map<Status, Group>(
    nagiosOrder.map((status) => [
      status,
      { count: 0, rows: { texts: [], bytes: 0 }, details: { texts: [], bytes: 0 } },
    ]),
  );
  const add = (verdict: Verdict): void => {
    const group = groups.get(verdict.status)!;
    group.count++;
    keep(group.rows, () => rowOf(verdict));
    if (verdict.detail !== undefined) keep(group.details, () => detailsOf(verdict.subject, verdict.detail!));
  };
  const addAll = (verdicts: readonly Verdict[]): undefined => {
    for (const verdict of verdicts) add(verdict);
  };
  return {
    add: addAll,
    end({ verdicts, failure }, maximumBytes) {
      addAll(verdicts);
      if (failure !== undefined) add(failureVerdict(name, failure));
      if ([...groups.values()].every(({ count }) => count === 0)) add(nothingWasJudged(name));
      return documentOf(name, groups, maximumBytes);
    },
  };
}

function keep(list: BoundedList, write: () => string): void {
  if (list.bytes > maximumSummaryBytes) return;
  const text = write();
  list.texts.push(text);
  list.bytes += Buffer.byteLength(text);
}

function documentOf(name: string, groups: ReadonlyMap<Status, Group>, maximumBytes: number): string {
  const counts = new Map([...groups].map(([status, { count }]) => [status, count]));
  const head = `### devops ${name}: ${inWords(counts)}\n\n| status | subject | message |\n| --- | --- | --- |\n`;
  let room = maximumBytes - Buffer.byteLength(head) - closingBytes;
  if (room < 0) return '';
  const parts = [head];
  const fits = (text: string): boolean => {
    const bytes = Buffer.byteLength(text);
    if (bytes > room) return false;
    room -= bytes;
    parts.push(text);
    return true;
  };
  let isCut = false;
  for (const [status, { rows, count }] of groups) {
    const end: number = isCut ? 0 : rows.texts.findIndex((row) => !fits(row));
    const shown = end === -1 ? rows.texts.length : end;
    isCut ||= shown < count;
    counts.set(status, count - shown);
  }
  if (isCut) parts.push(`\nAnd ${inWords(counts)} more, for which there is no room here.\n`);
  for (const { details } of groups.values()) details.texts.every(fits);
  return parts.join('');
}

function inWords(counts: ReadonlyMap<Status, number>): string {
  return [...counts]
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}

function rowOf({ status, subject, message, hint }: Verdict): string {
  const word = status === 'ok' ? status : `**${status}**`;
  return `| ${word} | ${cell(subject)} | ${cell(message)}${hint === undefined ? '' : `<br>${cell(hint)}`} |\n`;
}

/** Within `pre` the only mark-up is HTML, and that the text has none of. */
function detailsOf(subject: string, detail: string): string {
  const lines = detail.replace(/\n$/, '').split('\n').map(printable);
  return `\n<details><summary>${cell(subject)}: the end of its output</summary>\n\n<pre>\n${html(lines.join('\n'))}\n</pre>\n\n</details>\n`;
}

function cell(value: string): string {
  const isLong = value.length > maximumCellLength;
  return escapeMarkdown(printable(isLong ? value.slice(0, maximumCellLength) : value)) + (isLong ? ' …' : '');
}

/** Also names and numbers of issues, which GitHub looks for when the mark-up is gone, and space at either end. */
const active = /[\\`*[|~&<>$]|(?<![a-z0-9])_|_(?![a-z0-9])|[@#](?=\w)|:\/\/|www\.|^ | $/gi;

const asEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  $: '&#36;',
  ' ': '&#32;',
  '://': '&#58;//',
  // A character without width.
  '@': '@&#8203;',
  '#': '#&#8203;',
};

/**
 * One line of text that shows as itself within a cell of GitHub-flavoured Markdown: no mark-up, no HTML, no link, no
 * formula, and nobody is notified because a log line has an `@` in it.
 */
function escapeMarkdown(line: string): string {
  return line.replace(active, (found) => {
    if (found.length === 4) return `${found.slice(0, 3)}&#46;`;
    return asEntities[found] ?? `\\${found}`;
  });
}

function html(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
