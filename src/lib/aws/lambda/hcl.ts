/** A value of Terraform's language as data; `expression` is written as it stands. */
export type HclValue =
  string | number | boolean | readonly HclValue[] | { readonly [key: string]: HclValue } | HclExpression | HclCall;

/** Terraform code such as `aws_sqs_queue.failed.arn`: never text from outside. */
export interface HclExpression {
  expression: string;
}

export interface HclCall {
  call: string;
  argument: HclValue;
}

export interface HclBlock {
  /** `resource`, `variable` or the name of a nested block. */
  block: string;
  labels?: readonly string[];
  body: HclBody;
}

export type HclBody = readonly (readonly [name: string, value: HclValue] | HclBlock)[];

/** Blocks as `terraform fmt` writes them, with an empty line between. */
export function hclText(blocks: readonly HclBlock[]): string {
  return blocks.map((block) => `${blockLines(block).join('\n')}\n`).join('\n');
}

/**
 * A quoted string that means exactly this text: `${` and `%{`, which would begin a template, are escaped.
 * https://developer.hashicorp.com/terraform/language/expressions/strings
 */
export function hclString(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, String.raw`\$&`)
    // Neighbours are written as code points: what `$${` stands for behind another sign is hard to tell.
    .replace(/[$%]+(?=\{)/g, (signs) => (signs.length === 1 ? signs + signs : Array.from(signs, codePoint).join('')))
    .replaceAll('\n', String.raw`\n`)
    .replace(/[\p{Cc}\u2028\u2029\ufeff]/gu, codePoint);
  return `"${escaped}"`;
}

function codePoint(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function blockLines({ block, labels = [], body }: HclBlock): string[] {
  const head = [block, ...labels.map(hclString), '{'].join(' ');
  if (body.length === 0) return [`${head}}`];
  return [head, ...indented(bodyLines(body)), '}'];
}

function bodyLines(body: HclBody): string[] {
  const lines: string[] = [];
  let run: [name: string, value: string[]][] = [];
  const endRun = () => {
    lines.push(...aligned(run));
    run = [];
  };
  for (const [at, item] of body.entries()) {
    if ('block' in item) {
      endRun();
      if (at > 0) lines.push('');
      lines.push(...blockLines(item));
      if (at < body.length - 1 && !('block' in body[at + 1]!)) lines.push('');
    } else run.push([item[0], valueLines(item[1])]);
  }
  endRun();
  return lines;
}

/** `terraform fmt` puts the signs of neighbouring lines below each other; a value of several lines ends the run. */
function aligned(entries: readonly (readonly [name: string, value: readonly string[]])[]): string[] {
  const lines: string[] = [];
  let start = 0;
  while (start < entries.length) {
    let end = start;
    while (end < entries.length && entries[end]![1].length === 1) end++;
    const run = entries.slice(start, Math.max(end, start + 1));
    const width = Math.max(...run.map(([name]) => name.length));
    for (const [name, [first, ...more]] of run) lines.push(`${name.padEnd(width)} = ${first}`, ...more);
    start += run.length;
  }
  return lines;
}

function valueLines(value: HclValue): string[] {
  if (typeof value === 'string') return [hclString(value)];
  if (typeof value !== 'object') return [String(value)];
  if (isList(value)) return listLines(value);
  if (isExpression(value)) return [value.expression];
  if (isCall(value)) {
    const inner = valueLines(value.argument);
    return [`${value.call}(${inner[0]}`, ...inner.slice(1)].map((line, at) =>
      at === inner.length - 1 ? `${line})` : line,
    );
  }
  const entries = Object.entries(value).map(([key, one]): [string, string[]] => [keyText(key), valueLines(one)]);
  return entries.length === 0 ? ['{}'] : ['{', ...indented(aligned(entries)), '}'];
}

function listLines(values: readonly HclValue[]): string[] {
  const items = values.map(valueLines);
  if (items.every((lines) => lines.length === 1)) {
    const line = `[${items.map(([only]) => only).join(', ')}]`;
    if (line.length <= 80) return [line];
  }
  return ['[', ...indented(items.flatMap((lines) => [...lines.slice(0, -1), `${lines.at(-1)!},`])), ']'];
}

function keyText(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : hclString(key);
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

const isList = (value: object): value is readonly HclValue[] => Array.isArray(value);
const isExpression = (value: object): value is HclExpression => 'expression' in value;
const isCall = (value: object): value is HclCall => 'call' in value;
