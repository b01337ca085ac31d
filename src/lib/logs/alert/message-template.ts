import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';

/** A message with placeholders, parsed: texts and names in turn. */
export type MessageTemplate = readonly ({ text: string } | { name: string })[];

const longestTemplate = 4096;
const longestValue = 1000;

/**
 * Reads a message such as `{count} times {rule} in {source}: {sample}`. A placeholder is one of `names` in braces; `{{`
 * and `}}` stand for the braces themselves. Throws UserError that names the column of the first mistake.
 */
export function parseMessageTemplate(text: string, names: readonly string[]): MessageTemplate {
  if (text.length > longestTemplate) {
    throw new UserError(`the message has more than ${longestTemplate} characters`, {
      code: 'usage',
      hints: ['write a shorter one: it is one line for people'],
    });
  }
  const parts: ({ text: string } | { name: string })[] = [];
  const part = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g;
  for (const { 0: found, 1: name, index } of text.matchAll(part)) {
    if (name !== undefined) {
      if (!names.includes(name)) throw unknownPlaceholder(text, index, name, names);
      parts.push({ name });
    } else if (found === '{' || found === '}') {
      throw mistake(text, index, `'${found}' stands alone`, `write ${found}${found} for the brace itself`);
    } else {
      parts.push({ text: found === '{{' || found === '}}' ? found[0]! : found });
    }
  }
  return parts;
}

/**
 * The message as one harmless line. Values are put in as they are, never read as a template again, with their control
 * characters escaped and cut at 1,000 characters.
 */
export function renderMessage(template: MessageTemplate, values: Readonly<Record<string, string>>): string {
  return template.map((part) => printable('text' in part ? part.text : shorten(values[part.name] ?? ''))).join('');
}

function shorten(value: string): string {
  if (value.length <= longestValue) return value;
  return `${value.slice(0, longestValue).replace(/[\uD800-\uDBFF]$/, '')}...`;
}

function unknownPlaceholder(text: string, index: number, name: string, names: readonly string[]): UserError {
  const near = nearest(name, names);
  const known = `known are ${names.map((each) => `{${each}}`).join(', ')}`;
  const shown = printable(shorten(name));
  return mistake(text, index, `there is no {${shown}}`, near === undefined ? known : `did you mean {${near}}?`);
}

function mistake(text: string, index: number, message: string, hint: string): UserError {
  const column = Array.from(text.slice(0, index)).length + 1;
  return new UserError(`message '${printable(shorten(text))}', column ${column}: ${message}`, {
    code: 'usage',
    hints: [hint],
  });
}
