import { code, escapeText, table } from './markdown.ts';
import { type Field, type RecordType, recordsWithin, type ValueType } from './record-type.ts';
import { unitOfName } from './unit.ts';

/** One table of fields for the record itself and one for each record within it, with the ways that lead there. */
export function fieldTables(root: RecordType): string {
  return [...recordsWithin(root)]
    .map(([record, paths]) => {
      const title = record === root || record.name === '' ? [] : [`### ${record.name}`];
      const place = record === root ? [] : [`At ${paths.map(code).join(', ')}.`];
      const meaning = record.doc === undefined ? [] : [escapeText(record.doc)];
      const kinds = record.kinds?.map(({ name }) => `[${name}](#${name.toLowerCase()})`).join(', ');
      const fields = kinds === undefined ? fieldTable(record.fields) : `One of ${kinds}.`;
      return [...title, [...meaning, ...place].join(' '), fields].filter((part) => part !== '').join('\n\n');
    })
    .join('\n\n');
}

function fieldTable(fields: readonly Field[]): string {
  const rows = fields.map(({ name, type, optional, doc }) => [
    code(name),
    typeText(type),
    unitOfName(name) ?? '',
    optional ? 'yes' : '',
    doc === undefined ? '' : escapeText(doc),
  ]);
  return table(['Field', 'Type', 'Unit', 'Optional', 'Meaning'], rows);
}

function typeText(type: ValueType): string {
  if (type.kind === 'string') return 'text';
  if (type.kind === 'unknown') return 'any value';
  if (type.kind === 'literal') return code(JSON.stringify(type.value));
  if (type.kind === 'list') return `list of ${typeText(type.item)}`;
  if (type.kind === 'map') return `object, each value ${typeText(type.value)}`;
  if (type.kind === 'union') return type.members.map(typeText).join(' or ');
  if (type.kind !== 'record') return type.kind;
  return type.record.name === '' ? 'object' : `[${type.record.name}](#${type.record.name.toLowerCase()})`;
}
