import type { Readable } from 'node:stream';
import { createXmlScanner } from '../xml/xml-scanner.ts';
import { SilentAnswer } from './answer-failure.ts';
import { largestAnswer, longestSilence } from './limits.ts';
import type { Page, PageReader, Refusal } from './page.ts';

/** Reads the body of one answer of status 200. Not for two at the same time. */
export type ReadAnswer<Row> = (body: Readable) => Promise<Page<Row>>;

/**
 * There are rows only where the end of the whole document was seen. What it makes throws an XmlMistake, a SilentAnswer,
 * what the stream fails with, or what the service says instead, named by its code as the SDK names its errors; the SDK
 * tries again where that may help.
 * @param silence Seconds without a byte after which the body is given up.
 */
export function answerReader<Row>(reader: PageReader<Row>, silence = longestSilence): ReadAnswer<Row> {
  const scanner = createXmlScanner(reader.document, largestAnswer);
  return async (body) => {
    reader.begin();
    scanner.begin();
    const watch = setTimeout(() => body.destroy(new SilentAnswer(silence)), silence * 1000);
    try {
      // Leaving the loop by a throw ends the connection: what comes after a mistake is not waited for.
      for await (const chunk of body) {
        watch.refresh();
        scanner.write(chunk as Buffer);
      }
      scanner.end();
    } finally {
      clearTimeout(watch);
    }
    const refusal = reader.refusal();
    if (refusal !== undefined) throw refused(refusal);
    return reader.page();
  };
}

function refused({ code, message }: Refusal): Error {
  const error = new Error(message === '' ? 'no reason given' : message);
  error.name = code === '' ? 'Unknown' : code;
  return Object.assign(error, { $fault: 'client', $metadata: { httpStatusCode: 200 } });
}
