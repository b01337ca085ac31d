/** The shape of a record as far as TypeScript says it: what the tables of fields and the JSON Schemas are made of. */
export type ValueType =
  | { kind: 'string' | 'number' | 'boolean' | 'null' | 'unknown' }
  | { kind: 'literal'; value: string | number }
  | { kind: 'list'; item: ValueType }
  | { kind: 'map'; value: ValueType }
  | { kind: 'union'; members: readonly ValueType[] }
  | { kind: 'record'; record: RecordType };

export interface RecordType {
  /** Of its interface; empty for one that is written out where it is used. */
  name: string;
  doc: string | undefined;
  /** In the order of the source, those of extended interfaces first. */
  fields: Field[];
  /** Where a record is one of several kinds; it has no fields itself then. */
  kinds?: readonly RecordType[];
}

export interface Field {
  name: string;
  type: ValueType;
  optional: boolean;
  doc: string | undefined;
}

/** A record and those within it, each once, with every way that leads there in the words of jq: `.disks[].error`. */
export function recordsWithin(root: RecordType): Map<RecordType, string[]> {
  const found = new Map<RecordType, string[]>();
  visit({ kind: 'record', record: root }, '', []);
  return found;

  function visit(type: ValueType, path: string, above: readonly RecordType[]): void {
    if (type.kind === 'list') return visit(type.item, `${path === '' ? '.' : path}[]`, above);
    if (type.kind === 'map') return visit(type.value, `${path === '' ? '.' : path}[]`, above);
    if (type.kind === 'union') return type.members.forEach((member) => visit(member, path, above));
    // A record that holds itself has no end of paths: the first is enough.
    if (type.kind !== 'record' || above.includes(type.record)) return;
    found.set(type.record, [...(found.get(type.record) ?? []), path === '' ? '.' : path]);
    for (const kind of type.record.kinds ?? []) visit({ kind: 'record', record: kind }, path, [...above, type.record]);
    for (const field of type.record.fields) visit(field.type, `${path}.${field.name}`, [...above, type.record]);
  }
}
