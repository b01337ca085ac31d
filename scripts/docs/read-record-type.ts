import type { Field, RecordType, ValueType } from './record-type.ts';
import {
  docComment,
  type InterfaceNode,
  moduleReader,
  type SourceModule,
  type SourceNode,
  type Statement,
  type TypeNode,
  unsupported,
} from './source-module.ts';

const keywords: Readonly<Record<string, 'string' | 'number' | 'boolean' | 'null' | 'unknown'>> = {
  TSStringKeyword: 'string',
  TSNumberKeyword: 'number',
  TSBooleanKeyword: 'boolean',
  TSNullKeyword: 'null',
  TSUnknownKeyword: 'unknown',
};

/**
 * Reads types out of TypeScript sources: interfaces, `extends`, literals and their unions, lists, `Record<string, X>`,
 * optional fields, `Readonly<X>`, `(typeof list)[number]`, `keyof typeof table`, and all of it across files. Anything else throws with its place.
 */
export function typeReader(): {
  module(file: string): SourceModule;
  type(node: TypeNode, module: SourceModule): ValueType;
  /** What stands above the declaration of a type that is used by its name. */
  docOf(node: TypeNode, module: SourceModule): { name: string; doc: string | undefined } | undefined;
} {
  const module = moduleReader();
  // By place, so that an interface is one object however often it is used, and may hold itself.
  const records = new Map<InterfaceNode, RecordType>();
  return { module, type, docOf };

  function type(node: TypeNode, home: SourceModule): ValueType {
    const keyword = keywords[node.type];
    if (keyword !== undefined) return { kind: keyword };
    if (node.type === 'TSTypeReference') return reference(node, home);
    if (node.type === 'TSLiteralType') return literal(node.literal, home);
    if (node.type === 'TSArrayType') return { kind: 'list', item: type(node.elementType, home) };
    if (node.type === 'TSUnionType') return { kind: 'union', members: node.types.map((member) => type(member, home)) };
    if (node.type === 'TSParenthesizedType') return type(node.typeAnnotation, home);
    if (node.type === 'TSTypeOperator' && node.operator === 'readonly') return type(node.typeAnnotation, home);
    if (node.type === 'TSTypeOperator' && node.operator === 'keyof') return keyOfTable(node, home);
    if (node.type === 'TSIndexedAccessType') return elementOfList(node, home);
    if (node.type === 'TSTypeLiteral') {
      return { kind: 'record', record: { name: '', doc: undefined, fields: fields(node.members, home) } };
    }
    return unsupported(home, node, 'this type');
  }

  function reference(node: Extract<TypeNode, { type: 'TSTypeReference' }>, home: SourceModule): ValueType {
    if (node.typeName.type !== 'Identifier') return unsupported(home, node, 'a qualified name');
    const { name } = node.typeName;
    const [key, value, ...more] = node.typeArguments?.params ?? [];
    if (name === 'Record' && key?.type === 'TSStringKeyword' && value !== undefined && more.length === 0) {
      return { kind: 'map', value: type(value, home) };
    }
    if (name === 'Readonly' && key !== undefined && value === undefined) return type(key, home);
    if (key !== undefined) return unsupported(home, node, 'type arguments');
    const { declaration, module: from } = declarationOf(name, home, node);
    if (declaration.type === 'TSInterfaceDeclaration') return { kind: 'record', record: record(declaration, from) };
    if (declaration.type !== 'TSTypeAliasDeclaration' || declaration.typeParameters) {
      return unsupported(from, declaration, 'this declaration');
    }
    return type(declaration.typeAnnotation, from);
  }

  function docOf(node: TypeNode, home: SourceModule): { name: string; doc: string | undefined } | undefined {
    if (node.type !== 'TSTypeReference' || node.typeName.type !== 'Identifier') return undefined;
    const { name } = node.typeName;
    return { name, doc: declarationOf(name, home, node).module.declarations.get(name)?.doc };
  }

  function declarationOf(
    name: string,
    home: SourceModule,
    node: SourceNode,
  ): { declaration: Statement; module: SourceModule } {
    const here = home.declarations.get(name);
    if (here !== undefined) return { declaration: here.node, module: home };
    const imported = home.imports.get(name) ?? unsupported(home, node, 'a type of a package or of the language');
    return declarationOf(imported.name, module(imported.file), node);
  }

  function record(node: InterfaceNode, home: SourceModule): RecordType {
    const known = records.get(node);
    if (known !== undefined) return known;
    if (node.typeParameters) unsupported(home, node, 'an interface with type parameters');
    const { name } = node.id;
    const made: RecordType = { name, doc: home.declarations.get(name)?.doc, fields: [] };
    records.set(node, made);
    for (const heritage of node.extends) {
      if (heritage.expression.type !== 'Identifier' || heritage.typeArguments) unsupported(home, heritage, 'this base');
      const base = declarationOf(heritage.expression.name, home, heritage);
      if (base.declaration.type !== 'TSInterfaceDeclaration')
        unsupported(home, heritage, 'a base that is no interface');
      made.fields.push(...record(base.declaration, base.module).fields);
    }
    made.fields.push(...fields(node.body.body, home));
    if (new Set(made.fields.map((field) => field.name)).size < made.fields.length) {
      unsupported(home, node, 'a field that narrows one of its base');
    }
    return made;
  }

  function fields(members: InterfaceNode['body']['body'], home: SourceModule): Field[] {
    return members.map((member) => {
      if (member.type !== 'TSPropertySignature' || member.computed || member.typeAnnotation === null) {
        return unsupported(home, member, 'a member that is no plain field');
      }
      const { key } = member;
      const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
      return {
        name: name ?? unsupported(home, member, 'this name of a field'),
        type: type(member.typeAnnotation.typeAnnotation, home),
        optional: member.optional,
        doc: docComment(home.text, member.start),
      };
    });
  }
}

/** `(typeof list)[number]`, where `list` is an array of texts in the same file. */
function elementOfList(node: Extract<TypeNode, { type: 'TSIndexedAccessType' }>, home: SourceModule): ValueType {
  const inner = node.objectType.type === 'TSParenthesizedType' ? node.objectType.typeAnnotation : node.objectType;
  if (node.indexType.type !== 'TSNumberKeyword' || inner.type !== 'TSTypeQuery') {
    return unsupported(home, node, 'this type');
  }
  const array = constantOf(inner, home);
  if (array?.type !== 'ArrayExpression') return unsupported(home, node, 'what is no list');
  return {
    kind: 'union',
    members: array.elements.map((element) =>
      element === null ? unsupported(home, array, 'a hole in a list') : literal(element, home),
    ),
  };
}

/** `keyof typeof table`, where `table` is an object in the same file. */
function keyOfTable(node: Extract<TypeNode, { type: 'TSTypeOperator' }>, home: SourceModule): ValueType {
  const inner = node.typeAnnotation;
  const table = inner.type === 'TSTypeQuery' ? constantOf(inner, home) : undefined;
  if (table?.type !== 'ObjectExpression') return unsupported(home, node, 'what is no table');
  return {
    kind: 'union',
    members: table.properties.map((property) => {
      if (property.type !== 'Property' || property.computed) return unsupported(home, property, 'this property');
      const { key } = property;
      return key.type === 'Identifier' ? { kind: 'literal', value: key.name } : literal(key, home);
    }),
  };
}

/** What stands behind `const name =`, without `as const` and `satisfies`. */
function constantOf(query: Extract<TypeNode, { type: 'TSTypeQuery' }>, home: SourceModule) {
  const name = query.exprName.type === 'Identifier' ? query.exprName.name : '';
  const declaration = home.declarations.get(name)?.node;
  if (declaration?.type !== 'VariableDeclaration') return unsupported(home, query, 'a constant of another file');
  let value = declaration.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name)?.init;
  while (value?.type === 'TSAsExpression' || value?.type === 'TSSatisfiesExpression') value = value.expression;
  return value;
}

function literal(node: { type: string; start: number; end: number; value?: unknown }, home: SourceModule): ValueType {
  const { value } = node;
  if (node.type !== 'Literal') return unsupported(home, node, 'this literal');
  if (typeof value === 'string' || typeof value === 'number') return { kind: 'literal', value };
  return unsupported(home, node, 'this literal');
}
