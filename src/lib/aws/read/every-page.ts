import { UserError } from '../../errors/user-error.ts';
import type { Page } from './page.ts';

/** AWS may give a page without rows and go on; for ever is a fault of whoever answers. */
const mostEmptyPages = 1000;

/**
 * Follows one question to its last page and yields the rows of each page once it is whole. A token that comes again would
 * be asked for ever: UserError.
 */
export async function* everyPage<Row>(
  ask: (token: string | undefined) => Promise<Page<Row>>,
  asked: string,
): AsyncGenerator<readonly Row[]> {
  const seen = new Set<string>();
  let empty = 0;
  let token: string | undefined;
  do {
    const { rows, nextToken } = await ask(token);
    empty = rows.length === 0 ? empty + 1 : 0;
    if (nextToken !== undefined && (seen.has(nextToken) || empty === mostEmptyPages)) {
      throw new UserError(`${asked}: the answer refers to the same next page again and again`, {
        hints: ['nothing was left out, but nothing more can be had: try again'],
      });
    }
    if (nextToken !== undefined) seen.add(nextToken);
    if (rows.length > 0) yield rows;
    token = nextToken;
  } while (token !== undefined);
}

/** Leaves out rows that were there before: pages are cut anew between two questions, and a row may move to the next. */
export function firstTimeOnly<Row>(key: (row: Row) => string): (rows: readonly Row[]) => readonly Row[] {
  const seen = new Set<string>();
  return (rows) =>
    rows.filter((row) => {
      const name = key(row);
      if (seen.has(name)) return false;
      seen.add(name);
      return true;
    });
}
