import type { Column, Screen } from '../command.ts';
import type { LogCount, LogLine, LogRecord, LogTemplate } from '../lib/logs/log-records.ts';
import { wrap } from '../terminal/wrap.ts';
import { bucketColumns, bucketSummary } from './logs-grep/histogram.ts';
import { groupedNumber } from './logs-grep/grouped-number.ts';
import { rememberLast } from './logs-grep/remember-last.ts';
import { compareRules, ruleColumns, ruleFindings } from './logs-grep/rules.ts';

/** What failed is told beside the table. */
type Kind = Exclude<LogRecord['kind'], 'failure'>;
type RecordOf<OneKind extends Kind> = Extract<LogRecord, { kind: OneKind }>;

/** The columns of one kind of record; a record of another kind is an empty row in them. */
export function logColumns(kind: Kind): readonly Column<LogRecord>[] {
  switch (kind) {
    case 'line':
      return onlyFor(kind, lineColumns);
    case 'count':
      return onlyFor(kind, countColumns);
    case 'rule':
      return onlyFor(kind, ruleColumns());
    case 'template':
      return onlyFor(kind, templateColumns);
    case 'bucket':
      return onlyFor(kind, bucketColumns());
  }
}

const lineColumns: readonly Column<LogLine>[] = [
  { name: 'source', value: ({ source }) => source },
  { name: 'line', align: 'right', value: ({ line_number: number }) => number },
  { name: 'time', value: ({ time }) => time },
  { name: 'level', value: ({ level }) => level },
  { name: 'text', value: ({ text }) => text },
  { name: 'match', programsOnly: true, value: ({ match }) => match },
];

const countColumns: readonly Column<LogCount>[] = [
  { name: 'count', align: 'right', value: ({ count }) => count, cell: ({ count }) => groupedNumber(count) },
  { name: 'source', value: ({ source }) => source },
];

const templateColumns: readonly Column<LogTemplate>[] = [
  { name: 'count', align: 'right', value: ({ count }) => count, cell: ({ count }) => groupedNumber(count) },
  {
    name: 'share',
    align: 'right',
    value: ({ share_pct: share }) => share,
    cell: ({ share_pct: share }) => percentage(share),
  },
  { name: 'template', value: ({ template }) => template },
];

function percentage(share: number): string {
  return share > 0 && share < 0.1 ? '<0.1%' : `${share.toFixed(1)}%`;
}

function onlyFor<OneKind extends Kind>(
  kind: OneKind,
  columns: readonly Column<RecordOf<OneKind>>[],
): readonly Column<LogRecord>[] {
  const isOfKind = (record: LogRecord): record is RecordOf<OneKind> => record.kind === kind;
  const ownRows = rememberLast((rows: readonly LogRecord[] | undefined) => rows?.filter(isOfKind));
  return columns.map(({ cell, value, ...column }): Column<LogRecord> => {
    const plain = { ...column, value: (record: LogRecord) => (isOfKind(record) ? value(record) : undefined) };
    if (cell === undefined) return plain;
    return {
      ...plain,
      cell: (record, screen, rows) => (isOfKind(record) ? cell(record, screen, ownRows(rows)) : ''),
    };
  });
}

/** Rules in the order in which they need somebody; all else stays as it came. */
export function compareRecords(a: LogRecord, b: LogRecord): number {
  return a.kind === 'rule' && b.kind === 'rule' ? compareRules(a, b) : 0;
}

/** What stands below the table: the findings of the rules in full, or what all rows are together. */
export function viewBelow(records: readonly LogRecord[], screen: Screen): string {
  const lines = closingLines(records, screen);
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

function closingLines(records: readonly LogRecord[], screen: Screen): string[] {
  const rules = records.filter((record) => record.kind === 'rule');
  if (rules.length > 0) return ruleFindings(rules, screen);
  const buckets = records.filter((record) => record.kind === 'bucket');
  if (buckets.length > 0) return wrap(bucketSummary(buckets), screen.columns);
  const templates = records.filter((record) => record.kind === 'template');
  if (templates.length > 0) return wrap(templateSummary(templates), screen.columns);
  return [];
}

function templateSummary(templates: readonly LogTemplate[]): string {
  const share = Math.min(
    100,
    templates.reduce((sum, { share_pct: one }) => sum + one, 0),
  );
  const count = templates.length === 1 ? '1 template is' : `${templates.length} templates are`;
  return `${count} ${percentage(share)} of what was found`;
}
