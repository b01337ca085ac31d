import type { Readable } from 'node:stream';
import type { Page } from './page.ts';
import type { ReadAnswer } from './read-answer.ts';

/** Where the middleware stands: behind the SDK's own deserialiser, so that it is the first to see the answer. */
const scannerPlace = { step: 'deserialize', priority: 'low', name: 'rowScanner' } as const;

interface HttpAnswer {
  statusCode: number;
  body: Readable | Uint8Array;
}

/** Sends one command, with this scanner in its own stack, and answers with the page of the attempt that succeeded. */
export async function sendScanned<Row>(
  read: ReadAnswer<Row>,
  stack: { add(middleware: Scanner, place: typeof scannerPlace): void },
  send: () => Promise<unknown>,
): Promise<Page<Row>> {
  const scan = scanInstead(read);
  stack.add(scan.middleware, scannerPlace);
  await send();
  return scan.page();
}

type Scanner = <Args, Result extends { response: unknown }>(
  next: (args: Args) => Promise<Result>,
) => (args: Args) => Promise<Result>;

/**
 * A middleware for one command that reads rows from the answer while it comes in and leaves an empty body to the SDK's
 * deserialiser, which takes seven times the CPU and five times the memory for fields of which nobody needs most. Every
 * other status is left to the SDK, with its errors and attempts; each attempt starts anew.
 */
function scanInstead<Row>(read: ReadAnswer<Row>) {
  let last: Page<Row> | undefined;
  return {
    middleware:
      <Args, Result extends { response: unknown }>(next: (args: Args) => Promise<Result>) =>
      async (args: Args): Promise<Result> => {
        last = undefined;
        const result = await next(args);
        const answer = result.response as HttpAnswer;
        if (answer.statusCode !== 200) return result;
        last = await read(answer.body as Readable);
        answer.body = new Uint8Array();
        return result;
      },
    /** The page of the attempt that succeeded. */
    page(): Page<Row> {
      if (last === undefined) throw new Error('no page was read');
      return last;
    },
  };
}
