import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../../src/lib/config/json-schema.ts';
import { commandList, commandPage } from './command-page.ts';
import { collectReferences } from './command-reference.ts';
import { commandManual, productManual } from './manual-pages.ts';
import { recordSchema } from './record-schema.ts';
import { rulesPage } from './rules-page.ts';

/** Folders in which everything is generated: a file there that is not generated is left over from a command that is gone. */
export const generatedFolders = ['docs/commands', 'docs/man', 'docs/schema'] as const;

/** Every generated file by its path in the checkout. The same sources give the same bytes. */
export async function allDocuments(checkout: string): Promise<Map<string, string>> {
  const references = await collectReferences(checkout);
  const edition = { version: packageVersion(checkout), date: newestReleaseDate(checkout) };
  const documents = new Map<string, string>([
    ['docs/commands/README.md', commandList(references)],
    ['docs/rules.md', rulesPage()],
    ['docs/man/devops.1', productManual(references, edition)],
    ['docs/schema/devops.schema.json', asJson(await configJsonSchema())],
  ]);
  for (const reference of references) {
    const { name, page, record } = reference;
    documents.set(`docs/commands/${page}.md`, commandPage(reference));
    documents.set(`docs/man/devops-${page}.1`, commandManual(reference, references, edition));
    if (record !== undefined) documents.set(`docs/schema/${page}.schema.json`, asJson(recordSchema(name, record)));
  }
  return documents;
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function packageVersion(checkout: string): string {
  return JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')).version;
}

/** The first date of CHANGELOG.md, whose newest entry stands first. */
function newestReleaseDate(checkout: string): string {
  const changelog = join(checkout, 'CHANGELOG.md');
  if (!existsSync(changelog)) return '';
  return /^## .*?(\d{4}-\d{2}-\d{2})/m.exec(readFileSync(changelog, 'utf8'))?.[1] ?? '';
}
