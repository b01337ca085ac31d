import { type Field, type RecordType, recordsWithin, type ValueType } from './record-type.ts';
import { unitOfName } from './unit.ts';

type Schema = Record<string, unknown>;

/** JSON Schema (draft 2020-12) of one record, the records within it as definitions named like their interfaces. */
export function recordSchema(command: string, root: RecordType): Schema {
  const inner = [...recordsWithin(root).keys()].filter((record) => record !== root && record.name !== '');
  const names = new Set(inner.map(({ name }) => name));
  if (names.size < inner.length) throw new Error(`${command}: two different records have the same name`);
  const definitions = Object.fromEntries(inner.map((record) => [record.name, objectSchema(record)]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:devops-toolkit:${command.replaceAll(' ', '-')}`,
    title: `a record of devops ${command}`,
    ...(root.kinds === undefined ? objectSchema(root) : kindsSchema(root, root.kinds)),
    ...(inner.length === 0 ? {} : { $defs: definitions }),
  };
}

function kindsSchema({ doc }: RecordType, kinds: readonly RecordType[]): Schema {
  return {
    ...(doc === undefined ? {} : { description: doc }),
    oneOf: kinds.map(({ name }) => ({ $ref: `#/$defs/${name}` })),
  };
}

function objectSchema({ doc, fields }: RecordType): Schema {
  return {
    ...(doc === undefined ? {} : { description: doc }),
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
    required: fields.filter(({ optional }) => !optional).map(({ name }) => name),
    additionalProperties: false,
  };
}

function fieldSchema({ name, type, doc }: Field): Schema {
  const described = doc === undefined ? {} : { description: doc };
  // Bytes are counted, never measured.
  if (type.kind === 'number' && unitOfName(name) === 'bytes') return { ...described, type: 'integer', minimum: 0 };
  return { ...described, ...valueSchema(type) };
}

function valueSchema(type: ValueType): Schema {
  if (type.kind === 'unknown') return {};
  if (type.kind === 'literal') return { const: type.value };
  if (type.kind === 'list') return { type: 'array', items: valueSchema(type.item) };
  if (type.kind === 'map') return { type: 'object', additionalProperties: valueSchema(type.value) };
  if (type.kind === 'union') return unionSchema(type.members);
  if (type.kind !== 'record') return { type: type.kind };
  return type.record.name === '' ? objectSchema(type.record) : { $ref: `#/$defs/${type.record.name}` };
}

function unionSchema(members: readonly ValueType[]): Schema {
  const values = members.flatMap((member) => (member.kind === 'literal' ? [member.value] : []));
  return values.length === members.length ? { enum: values } : { anyOf: members.map(valueSchema) };
}
