import type { RecordType, ValueType } from './record-type.ts';
import { typeReader } from './read-record-type.ts';
import { type SourceModule, type TypeNode, unsupported } from './source-module.ts';

/** Finds the type of a command's records: the X of `run(): AsyncGenerator<X, ...>` in its source. */
export function recordFinder(): (file: string) => RecordType | undefined {
  const reader = typeReader();
  return (file) => {
    const module = reader.module(file);
    const yielded = yieldedType(module);
    const type = reader.type(yielded, module);
    // `Record<string, unknown>`: a document of somebody else's making, such as a JSON Schema, has no fields to list.
    if (type.kind === 'map' && type.value.kind === 'unknown') return undefined;
    const kinds = type.kind === 'union' ? type.members.flatMap((member) => recordOf(member)) : [];
    if (type.kind === 'union' && kinds.length === type.members.length) {
      return { name: '', doc: undefined, ...reader.docOf(yielded, module), fields: [], kinds };
    }
    if (type.kind !== 'record') throw new Error(`${file}: run() yields something that is no record`);
    return type.record;
  };
}

function recordOf(type: ValueType): RecordType[] {
  return type.kind === 'record' ? [type.record] : [];
}

function yieldedType(module: SourceModule): TypeNode {
  const exported = module.body.find((statement) => statement.type === 'ExportDefaultDeclaration');
  if (exported === undefined) throw new Error(`${module.file}: no default export`);
  const call = exported.declaration;
  const definition = call.type === 'CallExpression' ? call.arguments[0] : undefined;
  if (definition?.type !== 'ObjectExpression') return unsupported(module, call, 'what is no defineCommand({ ... })');
  for (const property of definition.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Identifier' || property.key.name !== 'run') continue;
    const { value } = property;
    const type = value.type === 'FunctionExpression' ? value.returnType?.typeAnnotation : undefined;
    const name = type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? type.typeName.name : '';
    const first = type?.type === 'TSTypeReference' ? type.typeArguments?.params[0] : undefined;
    if (name === 'AsyncGenerator' && first !== undefined) return first;
    return unsupported(module, property, 'run() without AsyncGenerator<...> as its return type');
  }
  return unsupported(module, definition, 'a command without run()');
}
