import { createLineRedactor } from '../redact/create-line-redactor.ts';
import { mask } from '../../log/redact.ts';
import { coveredWord } from './cover-keys.ts';
import type { Query } from './query.ts';

/**
 * What lines become before they are shown: without secrets, with --redact. Its lines have to come in their order, and
 * what is in the lines between is to be hidden by `withoutKeys`.
 */
export function lineRewriter({ options }: Query): ((line: Buffer) => Buffer) | undefined {
  if (options.redact !== true) return undefined;
  const redact = createLineRedactor();
  // Every byte stays what it was, also where the line is no UTF-8.
  return (line) => Buffer.from(redact(line.toString('latin1').replace(coveredWord, mask)), 'latin1');
}
