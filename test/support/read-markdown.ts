import { parsers } from 'prettier/plugins/markdown';

interface Node {
  type: string;
  value?: string;
  children?: Node[];
}

/**
 * What a reader of GitHub-flavoured Markdown sees: the text of each cell below the head of the one table, and the HTML
 * beside it. Throws for any mark-up that a summary of ours has not.
 */
export async function readMarkdown(text: string): Promise<{ cells: string[][]; rest: string[] }> {
  const root = (await parsers.markdown.parse(text, {} as never)) as Node;
  const [head, table, ...others] = root.children!;
  if (head?.type !== 'heading' || table?.type !== 'table') throw new Error('no heading with a table below it');
  const rows = table.children!.slice(1);
  return {
    cells: rows.map((row) => row.children!.map((cell) => cell.children!.map(textOf).join(''))),
    rest: others.map((node) => {
      if (node.type !== 'html') throw new Error(`a ${node.type} beside the table`);
      return node.value!;
    }),
  };
}

function textOf({ type, value, children }: Node): string {
  if (type === 'text') return value!.replaceAll('\u200B', '');
  if (type === 'strong') return children!.map(textOf).join('');
  if (type === 'html' && value === '<br>') return '';
  throw new Error(`${type} in a cell: ${value ?? JSON.stringify(children)}`);
}
