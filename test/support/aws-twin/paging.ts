import { ApiError } from './api-error.ts';

/** One page of what is listed in a fixed order; `next` is absent on the last page. */
export interface Page<Entry> {
  entries: Entry[];
  next: string | undefined;
}

/** A token names the last entry shown, so that what comes and goes between two pages does not shift the rest. */
export function page<Entry>(
  all: readonly Entry[],
  key: (entry: Entry) => string,
  size: number,
  token: string | undefined,
  refusal: (token: string) => ApiError,
): Page<Entry> {
  let start = 0;
  if (token !== undefined) {
    const last = tokenKey(token);
    if (last === undefined) throw refusal(token);
    const index = all.findIndex((entry) => key(entry) === last);
    const following = all.findIndex((entry) => key(entry) > last);
    // The entry itself may have gone: then the first that sorts behind it.
    start = index === -1 ? (following === -1 ? all.length : following) : index + 1;
  }
  const entries = all.slice(start, start + size);
  const last = entries.at(-1);
  const more = start + size < all.length && last !== undefined;
  return { entries, next: more ? tokenOf(key(last)) : undefined };
}

const mark = 'twin:';
// The padding and the slash make sure that clients send a token back as it came.
const tokenOf = (key: string): string => `${Buffer.from(`${mark}${key}`).toString('base64')}/+==`;

function tokenKey(token: string): string | undefined {
  if (!token.endsWith('/+==')) return undefined;
  const text = Buffer.from(token.slice(0, -4), 'base64').toString();
  return text.startsWith(mark) ? text.slice(mark.length) : undefined;
}
