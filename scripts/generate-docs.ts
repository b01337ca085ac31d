import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allDocuments, generatedFolders } from './docs/all-documents.ts';

/**
 * `npm run docs`: writes the reference, the manuals and the JSON Schemas from the definitions of the commands.
 * `--check` writes nothing, names every file that is not as it should be, and exits with 1 if there is one.
 */

const checkout = dirname(import.meta.dirname);
const words = process.argv.slice(2);

if (words.some((word) => word !== '--check')) {
  process.stderr.write('usage: node scripts/generate-docs.ts [--check]\n');
  process.exitCode = 2;
} else {
  const documents = await allDocuments(checkout);
  const stale = staleFiles(documents);
  if (!words.includes('--check')) {
    for (const path of stale) bringUpToDate(path, documents.get(path));
  } else if (stale.length > 0) {
    process.stderr.write(`stale, npm run docs writes them anew:\n${stale.map((path) => `  ${path}\n`).join('')}`);
    process.exitCode = 1;
  }
}

/** Files that differ, are missing, or belong to nothing any more. */
function staleFiles(documents: ReadonlyMap<string, string>): string[] {
  const differing = [...documents].filter(([path, text]) => textOf(path) !== text).map(([path]) => path);
  const leftOver = generatedFolders.flatMap((folder) => filesOf(folder)).filter((path) => !documents.has(path));
  return [...differing, ...leftOver].toSorted();
}

function bringUpToDate(path: string, text: string | undefined): void {
  const file = join(checkout, path);
  if (text === undefined) {
    rmSync(file);
    process.stdout.write(`removed ${path}\n`);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`wrote ${path}\n`);
}

function filesOf(folder: string): string[] {
  return unlessMissing(() => readdirSync(join(checkout, folder)).map((name) => `${folder}/${name}`)) ?? [];
}

function textOf(path: string): string | undefined {
  return unlessMissing(() => readFileSync(join(checkout, path), 'utf8'));
}

function unlessMissing<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
