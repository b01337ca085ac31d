import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/** Any part of a parsed source, told apart by `type`. */
export type SourceNode = { type: string; start: number; end: number };

export type Statement = ReturnType<typeof parseAst>['body'][number];
export type InterfaceNode = Extract<Statement, { type: 'TSInterfaceDeclaration' }>;
export type AliasNode = Extract<Statement, { type: 'TSTypeAliasDeclaration' }>;
export type TypeNode = AliasNode['typeAnnotation'];

/** One TypeScript file: what it declares at its top, by name, and where the names come from that it imports. */
export interface SourceModule {
  file: string;
  text: string;
  body: readonly Statement[];
  declarations: ReadonlyMap<string, { node: Statement; doc: string | undefined }>;
  imports: ReadonlyMap<string, { file: string; name: string }>;
}

/** Parses a file once; packages are not followed. */
export function moduleReader(): (file: string) => SourceModule {
  const read = new Map<string, SourceModule>();
  return (file) => {
    const known = read.get(file);
    if (known !== undefined) return known;
    const module = parseModule(file, readFileSync(file, 'utf8'));
    read.set(file, module);
    return module;
  };
}

function parseModule(file: string, text: string): SourceModule {
  const { body } = parseAst(text, { lang: 'ts' }, file);
  const declarations = new Map<string, { node: Statement; doc: string | undefined }>();
  const imports = new Map<string, { file: string; name: string }>();
  for (const statement of body) {
    const node =
      statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
    for (const name of declaredNames(node)) declarations.set(name, { node, doc: docComment(text, statement.start) });
    if (node.type !== 'ImportDeclaration' || !node.source.value.startsWith('.')) continue;
    for (const specifier of node.specifiers) {
      if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') continue;
      imports.set(specifier.local.name, {
        file: join(dirname(file), node.source.value),
        name: specifier.imported.name,
      });
    }
  }
  return { file, text, body, declarations, imports };
}

function declaredNames(node: Statement): string[] {
  if (node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration') return [node.id.name];
  if (node.type !== 'VariableDeclaration') return [];
  return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
}

/** The text of the doc comment that ends right before this offset, on one line. */
export function docComment(text: string, start: number): string | undefined {
  const before = text.slice(0, start).trimEnd();
  if (!before.endsWith('*/')) return undefined;
  const opening = before.lastIndexOf('/*');
  if (!before.startsWith('/**', opening)) return undefined;
  const lines = before
    .slice(opening + 3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\*?/, '').trim());
  return lines.filter((line) => line !== '').join(' ');
}

/** For what the documentation has no form for: better no page than a wrong one. */
export function unsupported(module: SourceModule, node: SourceNode, what: string): never {
  const line = module.text.slice(0, node.start).split('\n').length;
  const source = module.text.slice(node.start, node.end).replaceAll(/\s+/g, ' ').slice(0, 80);
  const place = `${relative(process.cwd(), module.file)}:${line}`;
  throw new Error(`${place}: the reference cannot show ${what}: ${source}`);
}
