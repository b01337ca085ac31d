import { ApiError } from './api-error.ts';

/**
 * Takes what these need out of what is left, all or nothing. Entries are `type zone`, `type` and `*`; the narrowest one
 * counts, and without one there is as much as you like.
 */
export function takeCapacity(wanted: readonly { type: string; zone: string }[], left: Map<string, number>): void {
  const needed = new Map<string, number>();
  for (const { type, zone } of wanted) {
    const entry = [`${type} ${zone}`, type, '*'].find((name) => left.has(name));
    if (entry !== undefined) needed.set(entry, (needed.get(entry) ?? 0) + 1);
  }
  for (const [entry, count] of needed) {
    if (count > left.get(entry)!) throw new ApiError('InsufficientInstanceCapacity', 'Insufficient capacity.');
  }
  for (const [entry, count] of needed) left.set(entry, left.get(entry)! - count);
}
