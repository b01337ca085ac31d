import { redactText } from './lib/log/redact.ts';
import type { ItemError } from './lib/results/item-error.ts';
import type { Verdict } from './lib/results/verdict.ts';

/** A record of an item that failed beside others that did not. */
export interface FailedItem {
  subject: string;
  error: ItemError;
}

/** A failed item carries the words of its failure; a record may have a field `error` of its own meaning. */
export function isFailedItem(result: unknown): result is FailedItem {
  if (typeof result !== 'object' || result === null || !('error' in result) || !('subject' in result)) return false;
  const { error, subject } = result;
  return (
    typeof subject === 'string' &&
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    'message' in error &&
    typeof error.message === 'string'
  );
}

/** The words of a failure often come from outside, with the URL that failed and the password in it. */
export function redactItem<Item extends FailedItem>(item: Item): Item {
  const { hint, message } = item.error;
  const redacted = { ...item.error, message: redactText(message) };
  return { ...item, error: hint === undefined ? redacted : { ...redacted, hint: redactText(hint) } };
}

export function failedItemVerdict({ subject, error: { code, message, hint } }: FailedItem): Verdict {
  return { status: 'unknown', subject, code, message, ...(hint === undefined ? {} : { hint }) };
}
